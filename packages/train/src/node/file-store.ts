import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { checkIntegers, checkPaths, optionsOf } from '@sgm/tensor/check'
import { linkFile, naming, replaceFile } from '@sgm/tensor/node'
import type { CheckpointStore } from '../checkpoint'

/** Options of {@link fileStore}. */
export interface FileStoreOptions {
  /**
   * How many checkpoints to keep, >= 1. Above 1 each lies in a file of its own too, such as `run-0001000.safetensors`
   * beside `run.safetensors`, and the oldest go: to return to one, copy it over `run.safetensors`.
   * @default 1
   */
  readonly keep?: number
}

/**
 * Keeps checkpoints in a file: written beside it, flushed, then renamed over it, so that a crash or a full disk leaves
 * the last good one.
 *
 * @param path Made with its folders when missing. A folder that goes away after the first save is an error of the next.
 * @throws RangeError when `keep` is no integer >= 1. TypeError when `path` is no path.
 * @example
 * const store = fileStore('run/checkpoint.safetensors', { keep: 3 })
 * const checkpoint = { store, every: 1000 } // of train
 */
export function fileStore(path: string, options: FileStoreOptions = {}): CheckpointStore {
  const { keep = 1 } = optionsOf('fileStore', options, { keep: true })
  checkPaths('fileStore', { path })
  checkIntegers('fileStore', { keep })
  let begun = false
  return {
    async load() {
      try {
        const bytes = new Uint8Array(await readFile(path))
        begun = true
        return bytes
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    save: (bytes, step) =>
      naming(`fileStore: could not save ${path}`, async () => {
        if (!begun) await mkdir(dirname(path), { recursive: true })
        if (keep === 1) await replaceFile(path, bytes)
        else await saveNumbered(path, bytes, step, keep)
        begun = true
      }),
  }
}

/**
 * The numbered checkpoints beside a {@link fileStore}'s file, the latest first.
 *
 * @param path The store's file.
 * @example
 * for (const { step, path } of await keptCheckpoints(
 *   'run/checkpoint.safetensors',
 * ))
 *   console.log(step, path)
 */
export async function keptCheckpoints(
  path: string,
): Promise<readonly { readonly step: number; readonly path: string }[]> {
  checkPaths('keptCheckpoints', { path })
  const [folder, extension] = [dirname(path), extname(path)]
  const stem = `${basename(path, extension)}-`
  const found: { step: number; path: string }[] = []
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(stem) || !name.endsWith(extension)) continue
    const digits = name.slice(stem.length, name.length - extension.length)
    if (/^\d{7,}$/.test(digits)) found.push({ step: Number(digits), path: join(folder, name) })
  }
  return found.sort((a, b) => b.step - a.step)
}

async function saveNumbered(path: string, bytes: Uint8Array, step: number, keep: number): Promise<void> {
  const extension = extname(path)
  const numbered = join(
    dirname(path),
    `${basename(path, extension)}-${String(step).padStart(7, '0')}${extension}`,
  )
  await replaceFile(numbered, bytes)
  await linkFile(numbered, path)
  // Later ones are of a run that was taken back to an earlier checkpoint.
  const kept = (await keptCheckpoints(path)).filter((one) => one.step <= step).slice(0, keep)
  for (const one of await keptCheckpoints(path)) {
    if (!kept.some(({ path }) => path === one.path)) await rm(one.path, { force: true })
  }
}
