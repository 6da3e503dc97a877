import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expected } from '@sgm/tensor'
import { fetched } from './fetched'
import type { FilePlatform } from './platform'

/** Files on disk, named by paths or `file:` URLs, and files that are served. */
export const files: FilePlatform = {
  async list(given) {
    const folder = pathOf(given)
    const all = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: Error) => {
      throw new RangeError(`openPipeline: expected a folder, got ${folder}`, { cause })
    })
    return Object.fromEntries(
      all
        .filter((entry) => !entry.isDirectory())
        .map(({ parentPath, name }) => join(parentPath, name))
        .map((path) => [relative(folder, path).split(sep).join('/'), path]),
    )
  },
  async read(file) {
    if (file instanceof Uint8Array) return file
    if (isServed(file)) return fetched(String(file))
    return readFile(pathOf(file)).catch((cause: Error) => {
      throw new RangeError(`openPipeline: expected a file, got ${file}`, { cause })
    })
  },
  async open(file) {
    if (file instanceof Uint8Array) return file
    return isServed(file) ? fetched(String(file)) : pathOf(file)
  },
}

const isServed = (file: string | URL): boolean => /^https?:/.test(String(file))

function pathOf(file: string | URL): string {
  if (isServed(file)) {
    throw expected('openPipeline', 'a folder on disk, or files by their paths, with a URL each', String(file))
  }
  return String(file).startsWith('file:') ? fileURLToPath(file) : String(file)
}
