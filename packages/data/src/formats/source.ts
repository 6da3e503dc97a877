import { expected, expectedType } from '@sgm/tensor/check'

/** Bytes that can be read in parts, such as a file that need not fit into memory. */
export interface ByteSource {
  /** What messages call it: a file's name. */
  readonly name: string
  /** Number of bytes. */
  readonly length: number
  /** The `size` bytes from each of the places on, one piece after the other: `[places.length · size]`. */
  read(places: ArrayLike<number>, size: number): Uint8Array | Promise<Uint8Array>
}

/** What images are read from: bytes in memory, a browser's `File` or other `Blob`, or anything that can be read in parts. */
export type Bytes = Uint8Array | Blob | ByteSource

/** Anything readable as a {@link ByteSource}. */
export function sourceOf(where: string, bytes: Bytes): ByteSource {
  if (bytes instanceof Uint8Array) return memorySource(bytes)
  if (typeof Blob !== 'undefined' && bytes instanceof Blob) return blobSource(bytes)
  if (typeof (bytes as ByteSource)?.read === 'function') return bytes as ByteSource
  throw expectedType(where, 'a Uint8Array, a Blob or a ByteSource', bytes)
}

/** Bytes in memory. */
export function memorySource(bytes: Uint8Array, name = 'bytes'): ByteSource {
  return {
    name,
    length: bytes.length,
    read(places, size) {
      if (places.length === 1) return bytes.subarray(places[0]!, places[0]! + size)
      const pieces = new Uint8Array(places.length * size)
      for (let i = 0; i < places.length; i++) {
        pieces.set(bytes.subarray(places[i]!, places[i]! + size), i * size)
      }
      return pieces
    },
  }
}

/** Several sources one after the other. No piece that is read may lie in two. */
export function joined(sources: readonly ByteSource[]): ByteSource {
  const ends: number[] = []
  for (const source of sources) ends.push((ends.at(-1) ?? 0) + source.length)
  return {
    name: sources.map(({ name }) => name).join(', '),
    length: ends.at(-1) ?? 0,
    async read(places, size) {
      const pieces = new Uint8Array(places.length * size)
      await Promise.all(
        sources.map(async (source, s) => {
          const begin = ends[s]! - source.length
          const mine: number[] = []
          for (let i = 0; i < places.length; i++)
            if (places[i]! >= begin && places[i]! < ends[s]!) mine.push(i)
          if (mine.length === 0) return
          const read = await source.read(
            mine.map((i) => places[i]! - begin),
            size,
          )
          mine.forEach((i, at) => {
            pieces.set(read.subarray(at * size, (at + 1) * size), i * size)
          })
        }),
      )
      return pieces
    },
  }
}

/** All bytes of a source, where they are no more than `limit`. */
export async function readAll(where: string, source: ByteSource, limit: number): Promise<Uint8Array> {
  if (source.length > limit) {
    throw expected(where, `${source.name} to be at most ${limit} bytes (the option limit)`, source.length)
  }
  return source.read([0], source.length)
}

function blobSource(blob: Blob): ByteSource {
  return {
    name: (blob as Partial<File>).name ?? 'blob',
    length: blob.size,
    async read(places, size) {
      const pieces = new Uint8Array(places.length * size)
      await Promise.all(
        Array.from(places, async (place, i) => {
          pieces.set(new Uint8Array(await blob.slice(place, place + size).arrayBuffer()), i * size)
        }),
      )
      return pieces
    },
  }
}
