import { open, stat } from 'node:fs/promises'
import { checkArrayLikes, checkIntegers, checkPaths, expected } from '@sgm/tensor/check'
import type { ByteSource } from '../formats'

/** Reads that wait for the disk at a time. */
const AT_ONCE = 64

/**
 * A file that is read in parts. It is open only while it is read.
 *
 * @param path Of a file; it is read piece by piece, as asked.
 * @throws Error when there is no such file, or later when it has become shorter.
 * @example
 * const read = async () => readImages(await fileSource('train-images-idx3-ubyte'))
 */
export async function fileSource(path: string): Promise<ByteSource> {
  checkPaths('fileSource', { path })
  const { size: length } = await stat(path).catch((error: Error) => {
    throw new Error(`fileSource: could not read ${path}: ${error.message}`, { cause: error })
  })
  return {
    name: path,
    length,
    async read(places, size) {
      checkArrayLikes('fileSource', { places })
      checkIntegers('fileSource', { size }, 0, Number.MAX_SAFE_INTEGER)
      for (let i = 0; i < places.length; i++) {
        const place = places[i]!
        checkIntegers('fileSource', { place }, 0, Number.MAX_SAFE_INTEGER)
        if (place + size > length) {
          throw expected('fileSource', `${path} to have ${place + size} bytes`, length)
        }
      }
      const pieces = new Uint8Array(places.length * size)
      const file = await open(path)
      try {
        let next = 0
        const worker = async (): Promise<void> => {
          while (next < places.length) {
            const i = next++
            await fill(pieces.subarray(i * size, (i + 1) * size), places[i]!)
          }
        }
        const fill = async (piece: Uint8Array, place: number): Promise<void> => {
          for (let at = 0; at < size; ) {
            const { bytesRead } = await file.read(piece, at, size - at, place + at)
            if (bytesRead === 0)
              throw expected('fileSource', `${path} to keep its ${length} bytes`, place + at)
            at += bytesRead
          }
        }
        await Promise.all(Array.from({ length: Math.min(AT_ONCE, places.length) }, worker))
      } finally {
        await file.close()
      }
      return pieces
    },
  }
}
