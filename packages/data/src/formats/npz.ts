import { expected } from '@sgm/tensor/check'
import { unzipSync } from 'fflate'
import { type NpyArray, npyArray } from './npy'
import { type ByteSource, type Bytes, memorySource, readAll, sourceOf } from './source'

/** No archive of arrays has more. */
const MOST_FILES = 10_000

/** More than deflate can inflate a byte to. */
const DENSEST = 1032

/** What `readNpz` and `readImages` hold files to unless told otherwise: 1 GiB. */
export const LIMIT = 2 ** 30

/** Options of {@link readNpz}. */
export interface ReadNpzOptions {
  /** The most bytes that the file, and what it inflates to, may have. @default 2 ** 30 */
  readonly limit?: number
}

/** Whether the bytes begin as a zip archive does. */
export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4
}

/**
 * Reads the arrays that NumPy saved together (`numpy.savez`, `numpy.savez_compressed`), by name.
 *
 * @throws RangeError when the archive is truncated, larger than the limit, or an array of it is no plain array of numbers.
 */
export async function readNpz(
  bytes: Bytes,
  { limit = LIMIT }: ReadNpzOptions = {},
): Promise<Record<string, NpyArray>> {
  const arrays: Record<string, NpyArray> = {}
  for (const source of await npzSources('readNpz', sourceOf('readNpz', bytes), limit)) {
    arrays[source.name] = await npyArray('readNpz', source)
  }
  return arrays
}

/** The `.npy` files of an archive that `wanted` asks for, inflated, by the names of their arrays. */
export async function npzSources(
  where: string,
  source: ByteSource,
  limit: number,
  wanted: (names: readonly string[]) => readonly string[] = (names) => names,
): Promise<ByteSource[]> {
  const archive = await readAll(where, source, limit)
  const names: string[] = []
  const unzip = (take: (name: string) => boolean): Record<string, Uint8Array> => {
    let files = 0
    let length = 0
    try {
      return unzipSync(archive, {
        filter({ name, size, originalSize }) {
          files += 1
          if (files > MOST_FILES)
            throw expected(where, `${source.name} to hold at most ${MOST_FILES} files`, 'more')
          if (!name.endsWith('.npy') || !take(name.slice(0, -4))) return false
          length += originalSize
          if (length > limit || originalSize > DENSEST * size + DENSEST) {
            const what = `${source.name} to inflate to at most ${limit} bytes (the option limit)`
            throw expected(where, what, `${length} for ${name}`)
          }
          return true
        },
      })
    } catch (error) {
      if (error instanceof RangeError && error.message.startsWith(where)) throw error
      throw expected(where, `${source.name} to be a whole .npz file`, (error as Error).message)
    }
  }
  unzip((name) => {
    names.push(name)
    return false
  })
  const chosen = wanted(names)
  const files = unzip((name) => chosen.includes(name))
  return chosen.map((name) => memorySource(files[`${name}.npy`]!, name))
}
