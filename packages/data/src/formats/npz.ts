import { checkPositive, expected, optionsOf } from '@sgm/tensor/check'
import { type NpyArray, npyArray } from './npy'
import { type ByteSource, type Bytes, memorySource, readAll, sourceOf } from './source'
import { unzip, zipEntries } from './zip'

/** No archive of arrays has more. */
const MOST_FILES = 10_000

/** What `readNpz` and `readImages` hold files to unless told otherwise: 1 GiB. */
export const LIMIT = 2 ** 30

/** Options of {@link readNpz}. */
export interface ReadNpzOptions {
  /** The most bytes that the file, and what it inflates to, may have. @default 2 ** 30 */
  readonly limit?: number
}

/**
 * Reads the arrays that NumPy saved together (`numpy.savez`, `numpy.savez_compressed`), by name, as `readNpy` reads
 * one. Sizes are those of the archive's directory: they are held to the limit before anything is inflated, and what comes
 * out to them and to its checksum.
 *
 * @param bytes Of a `.npz` file.
 * @throws RangeError when the archive is truncated, damaged or larger than the limit, has two arrays of one name, or one that
 * is no plain array of numbers.
 * @example
 * const read = async (path: string) => {
 *   const { x_test: images } = await readNpz(await readFile(path))
 *   return images?.shape
 * }
 */
export async function readNpz(bytes: Bytes, options: ReadNpzOptions = {}): Promise<Record<string, NpyArray>> {
  const where = 'readNpz'
  const { limit = LIMIT } = optionsOf(where, options, { limit: true })
  const arrays: [string, NpyArray][] = []
  for (const source of await npzSources(where, sourceOf(where, bytes), limit)) {
    arrays.push([source.name, await npyArray(where, source)])
  }
  return Object.fromEntries(arrays)
}

/** The `.npy` files of an archive that `wanted` asks for, inflated, by the names of their arrays. */
export async function npzSources(
  where: string,
  source: ByteSource,
  limit: number,
  wanted: (names: readonly string[]) => readonly string[] = (names) => names,
): Promise<ByteSource[]> {
  checkPositive(where, { limit })
  const archive = await readAll(where, source, limit)
  const entries = new Map<string, ReturnType<typeof zipEntries>[number]>()
  for (const entry of zipEntries(where, source.name, archive, MOST_FILES)) {
    if (!entry.name.endsWith('.npy')) continue
    const name = entry.name.slice(0, -'.npy'.length)
    if (entries.has(name)) throw expected(where, `${source.name} to have each array once`, `${name} twice`)
    entries.set(name, entry)
  }
  const chosen = wanted([...entries.keys()])
  const size = chosen.reduce((sum, name) => sum + entries.get(name)!.size, 0)
  if (size > limit) {
    throw expected(where, `${source.name} to inflate to at most ${limit} bytes (the option limit)`, size)
  }
  return chosen.map((name) => memorySource(unzip(where, source.name, archive, entries.get(name)!), name))
}
