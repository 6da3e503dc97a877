import type { Stats } from 'node:fs'
import { open, realpath, stat, writeFile } from 'node:fs/promises'
import { checkBytes, checkPaths } from '../check'
import { viaPartial } from './partial'

/**
 * Writes a file all at once: under a name of its own beside its place, flushed to the disk, then renamed there. Whatever
 * happens on the way, the place holds the old content or the new one, never a part; two processes that write the same
 * file at the same time leave the content of one of them. What killed processes left unfinished in the folder is removed.
 *
 * A symbolic link stays, and what it points to is replaced. Into what is no regular file, such as a pipe or
 * `/dev/stdout`, the content is written as it is.
 *
 * @param path In a folder that exists.
 * @param content What the file is to hold.
 * @throws Error that names the file, when it cannot be written; what was there before is intact.
 * @example
 * await writeWhole('result.txt', 'all of it, or what was there before')
 */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  checkPaths('writeWhole', { path })
  if (typeof content !== 'string') checkBytes('writeWhole', { content })
  await naming(`writeWhole: could not write ${path}`, () => replaceFile(path, content))
}

/**
 * {@link writeWhole} with the system's own errors, for a caller that names itself in them: see {@link naming}.
 *
 * @param path In a folder that exists.
 * @param content What the file is to hold.
 * @throws the system's error; what was there before is intact.
 * @example
 * await replaceFile('result.txt', 'all of it')
 */
export async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  const old = await statOf(path)
  if (old && !old.isFile()) return writeFile(path, content)
  await viaPartial(old ? await realpath(path) : path, async (partial) => {
    const file = await open(partial, 'wx', old?.mode)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
  })
}

/**
 * What a file is, or undefined where there is none.
 *
 * @param path Of the file.
 * @throws the system's error, where it cannot tell.
 * @example
 * const found = await statOf('none.txt')
 * found === undefined // → true
 */
export async function statOf(path: string): Promise<Stats | undefined> {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

/**
 * Puts what failed before the system's message.
 *
 * @param what As `mine: could not write result.txt`.
 * @param run What may fail.
 * @throws Error with `what`, the message of what `run` threw, and that as its cause.
 * @example
 * const save = () => replaceFile('log.txt', 'a line')
 * await naming('mine: could not write log.txt', save)
 */
export async function naming<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error })
  }
}
