import { createHash } from 'node:crypto'
import { constants, copyFile, link, open, readdir, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { hasEnded } from './owner'

const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
const pattern = /^\.sgm-([0-9a-f]{8})-(\d+)-\d+\.partial$/
let made = 0

/**
 * Makes a file under a name of this process alone, beside its place, and puts it there: by a rename, which replaces what
 * is there in one step.
 *
 * @param make Must make the file exclusively (`wx`), so that neither a file of that name nor a link is written through.
 */
export async function viaPartial(
  path: string,
  make: (partial: string) => Promise<void>,
  place: (partial: string, path: string) => Promise<void> = rename,
): Promise<void> {
  const folder = dirname(path)
  await sweep(folder)
  let partial = await attempt(folder, make)
  while (partial === undefined) partial = await attempt(folder, make)
  try {
    await place(partial, path)
    await flush(folder)
  } finally {
    await rm(partial, { force: true })
  }
}

/** The file's path, or undefined where one of that name was left by a process that had this one's number. */
async function attempt(
  folder: string,
  make: (partial: string) => Promise<void>,
): Promise<string | undefined> {
  const partial = join(folder, `.sgm-${host}-${process.pid}-${made++}.partial`)
  try {
    await make(partial)
    return partial
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined
    await rm(partial, { force: true })
    throw error
  }
}

/** Removes what processes of this host that have ended left unfinished. */
async function sweep(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names) {
    const [, on, pid] = pattern.exec(name) ?? []
    if (on === host && (await hasEnded({ pid: Number(pid) }))) await rm(join(folder, name), { force: true })
  }
}

/** Brings a folder's names to the disk, where the system can. */
async function flush(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  try {
    await handle?.sync()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (!['EINVAL', 'EPERM', 'ENOTSUP', 'EISDIR'].includes(code)) throw error
  } finally {
    await handle?.close()
  }
}

/** Another name of a file; a copy where the file system has one name a file. */
export async function sameFile(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'].includes(code)) throw error
    await copyFile(from, to, constants.COPYFILE_EXCL)
  }
}
