import { expected } from '@sgm/tensor/check'
import { Gunzip } from 'fflate'

/** Compressed bytes inflated at a time: at most a thousand times as many come out at once. */
const PIECE = 2 ** 16

/** Whether the bytes begin as gzip does. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

/**
 * The content of a gzip file. It is held to `limit` while it comes out, whatever the file says of its size, and to the
 * file's checksum.
 *
 * @throws RangeError when it is larger than `limit`, truncated or damaged.
 */
export function gunzip(where: string, name: string, bytes: Uint8Array, limit: number): Uint8Array {
  if (bytes.length < 18) throw expected(where, `${name} to be a whole gzip file`, `${bytes.length} bytes`)
  const pieces: Uint8Array[] = []
  let length = 0
  const stream = new Gunzip((piece) => {
    length += piece.length
    if (length > limit) {
      throw expected(where, `${name} to inflate to at most ${limit} bytes (the option limit)`, 'more')
    }
    pieces.push(piece)
  })
  try {
    for (let from = 0; from < bytes.length; from += PIECE) {
      stream.push(bytes.subarray(from, from + PIECE), from + PIECE >= bytes.length)
    }
  } catch (error) {
    if (error instanceof RangeError && error.message.startsWith(where)) throw error
    throw expected(where, `${name} to be a whole gzip file`, (error as Error).message)
  }
  const content = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    content.set(piece, at)
    at += piece.length
  }
  const tail = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8)
  if (tail.getUint32(4, true) !== length % 2 ** 32 || tail.getUint32(0, true) !== crc32(content)) {
    throw expected(where, `${name} to match its checksum`, 'a truncated or damaged file')
  }
  return content
}

/** The checksum of gzip, RFC 1952, section 8. */
function crc32(bytes: Uint8Array): number {
  const table = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
    return crc
  })
  let crc = -1
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8)
  return ~crc >>> 0
}
