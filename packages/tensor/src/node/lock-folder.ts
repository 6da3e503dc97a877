import { readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { checkPaths } from '../check'
import { hasEnded, type Owner, thisProcess } from './owner'
import { sameFile, viaPartial } from './partial'

/** A folder that this process alone works in: see {@link lockFolder}. */
export interface FolderLock {
  /** @throws Error when the lock is gone: the folder was deleted, or someone removed the lock by hand. */
  check(): Promise<void>
  /** Frees the folder. */
  release(): Promise<void>
}

/** Thrown where another process, or another call in this one, holds a folder. */
export class LockedError extends Error {
  override readonly name = 'LockedError'
  constructor(
    /** The lock's file. */
    readonly path: string,
    /** Who holds it, in words. */
    readonly holder: string,
  ) {
    super(`lockFolder: expected a folder that no one else works in, got ${path}, held by ${holder}`)
  }
}

/**
 * Takes a folder for this process alone, by a file `lock` in it that names the process and its host. A lock that a process
 * of this host left when it was killed is taken over; that of another host, where nobody can tell, is not.
 *
 * @param folder One that exists.
 * @throws LockedError when someone else holds it. Error that names the file, when it cannot be written.
 * @example
 * const lock = await lockFolder('.')
 * try {
 *   await writeFile('result.txt', 'of one process at a time')
 * } finally {
 *   await lock.release()
 * }
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  checkPaths('lockFolder', { folder })
  const path = join(folder, 'lock')
  const content = `${JSON.stringify(await thisProcess())}\n`
  await take(path, content)
  return {
    async check() {
      const found = await read(path)
      if (found === content) return
      const got = found === undefined ? 'none: was the folder deleted?' : `one of ${describe(found)}`
      throw new Error(`lockFolder: expected ${path} to stay, got ${got}`)
    },
    async release() {
      if ((await read(path)) === content) await unlink(path)
    },
  }
}

async function take(path: string, content: string): Promise<void> {
  while (!(await claim(path, content))) {
    const holder = await read(path)
    if (holder === undefined) continue
    if (!(await isLeft(holder))) throw new LockedError(path, describe(holder))
    // Of several that find a lock left by the dead, one may clear it: a second would clear the lock of the first.
    const clearing = `${path}.clearing`
    await take(clearing, content)
    try {
      if ((await read(path)) === holder) await rm(path, { force: true })
    } finally {
      await rm(clearing, { force: true })
    }
  }
}

/** Makes the lock with its content in one step; false where there is one. */
async function claim(path: string, content: string): Promise<boolean> {
  try {
    await viaPartial(path, (partial) => writeFile(partial, content, { flag: 'wx' }), sameFile)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw new Error(`lockFolder: could not write ${path}: ${(error as Error).message}`, { cause: error })
  }
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

/** Whether the process that made a lock has ended, as far as this host can tell. */
async function isLeft(content: string): Promise<boolean> {
  const owner = ownerIn(content)
  return owner?.host === hostname() && (await hasEnded(owner))
}

function describe(content: string): string {
  const owner = ownerIn(content)
  if (!owner) return 'a lock that names no process'
  return `process ${owner.pid} on ${owner.host === hostname() ? 'this host' : `the host ${owner.host}`}`
}

function ownerIn(content: string): Owner | undefined {
  try {
    const owner = JSON.parse(content) as Partial<Owner> | null
    const named = typeof owner?.host === 'string' && Number.isInteger(owner.pid) && owner.pid! > 0
    return named ? (owner as Owner) : undefined
  } catch {
    return undefined
  }
}
