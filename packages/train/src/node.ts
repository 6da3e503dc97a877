import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { CheckpointStore } from './checkpoint'

export { jsonLog, type LogLine } from './json-log'

/**
 * Keeps checkpoints in a file: written beside it, flushed, then renamed over it, so that a crash or a full disk leaves
 * the last good one.
 *
 * @param path Made with its folders when missing.
 */
export function fileStore(path: string): CheckpointStore {
  return {
    async load() {
      try {
        return new Uint8Array(await readFile(path))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    async save(bytes) {
      await mkdir(dirname(path), { recursive: true })
      const partial = `${path}.partial`
      try {
        const file = await open(partial, 'w')
        try {
          await file.writeFile(bytes)
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(partial, path)
      } catch (error) {
        await rm(partial, { force: true })
        throw new Error(`fileStore: could not save ${path}: ${(error as Error).message}`, { cause: error })
      }
    },
  }
}
