import { readFile, stat } from 'node:fs/promises'

/** A file's bytes, or undefined where there is none: devices and pipes have no end. */
export async function readIfThere(path: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
  try {
    if (!(await stat(path)).isFile()) return undefined
    return new Uint8Array(await readFile(path, { signal }))
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}
