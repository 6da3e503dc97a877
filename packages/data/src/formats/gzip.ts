import { expected } from '@sgm/tensor/check'
import { Gunzip } from 'fflate'
import { crc32 } from './crc32'
import { inflateTo, isPlausible, PIECE } from './inflate'
import type { ByteSource } from './source'

/** Bytes of content that tell what it is: the longest head of an IDX file has 20. */
const START = 32

/** Whether the bytes begin as gzip does. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

/**
 * The content of a gzip file of one member. Its size and checksum are those that the file ends with.
 *
 * @throws RangeError when it is larger than `limit`, truncated or damaged.
 */
export function gunzip(where: string, name: string, bytes: Uint8Array, limit: number): Uint8Array {
  const { checksum, size } = tailOf(where, name, bytes, limit)
  let content: Uint8Array
  try {
    content = inflateTo(size, (take) => new Gunzip(take), bytes)
  } catch {
    throw damaged(where, name)
  }
  if (crc32(content) !== checksum) throw damaged(where, name)
  return content
}

/**
 * The content of a gzip file as far as its first bytes hold it, of the length that the file says: enough to tell by its head whether
 * the rest is worth inflating.
 *
 * @throws RangeError as {@link gunzip}.
 */
export function gunzipStart(where: string, name: string, bytes: Uint8Array, limit: number): ByteSource {
  const { size } = tailOf(where, name, bytes, limit)
  const start = new Uint8Array(Math.min(START, size))
  let known = 0
  const stream = new Gunzip((piece) => {
    const fitting = piece.subarray(0, start.length - known)
    start.set(fitting, known)
    known += fitting.length
  })
  try {
    for (let from = 0; known < start.length && from < bytes.length; from += PIECE) {
      stream.push(bytes.subarray(from, from + PIECE), from + PIECE >= bytes.length)
    }
  } catch {
    throw damaged(where, name)
  }
  if (isGzip(start)) throw expected(where, `${name} to be compressed once`, 'gzip in gzip')
  return { name, length: size, read: (places, length) => start.subarray(places[0]!, places[0]! + length) }
}

/** What a gzip file says of its content at its end. */
function tailOf(where: string, name: string, bytes: Uint8Array, limit: number) {
  if (bytes.length < 18) throw expected(where, `${name} to be a whole gzip file`, `${bytes.length} bytes`)
  const tail = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8)
  const [checksum, size] = [tail.getUint32(0, true), tail.getUint32(4, true)]
  if (size > limit) {
    throw expected(where, `${name} to inflate to at most ${limit} bytes (the option limit)`, size)
  }
  if (!isPlausible(bytes.length, size)) throw damaged(where, name)
  return { checksum, size }
}

function damaged(where: string, name: string): RangeError {
  return expected(where, `${name} to be a whole gzip file`, 'a truncated or damaged one')
}
