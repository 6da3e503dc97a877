import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetched } from './fetched'
import type { ReadFrom } from './read-from'
import { readIfThere } from './read-if-there'

/** Files of a folder on disk, named by a path or a `file:` URL, or of one that is served. */
export const readFrom: ReadFrom = (folder) => {
  if (typeof folder === 'string' && !/^(https?|file):/.test(folder)) return onDisk(folder)
  const url = new URL(folder)
  return url.protocol === 'file:' ? onDisk(fileURLToPath(url)) : fetched(url)
}

function onDisk(folder: string): ReturnType<ReadFrom> {
  return {
    where: (name) => join(folder, name),
    read: (name, { signal } = {}) => readIfThere(join(folder, name), signal),
  }
}
