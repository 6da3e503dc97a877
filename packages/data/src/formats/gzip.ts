import { expected } from '@sgm/tensor/check'
import { Gunzip } from 'fflate'
import { crc32 } from './crc32'
import { inflateTo, isPlausible } from './inflate'

/** Whether the bytes begin as gzip does. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b
}

/**
 * The content of a gzip file of one member. Its size and checksum are those that the file ends with.
 *
 * @throws RangeError when it is larger than `limit`, truncated or damaged, or a gzip file again.
 */
export function gunzip(where: string, name: string, bytes: Uint8Array, limit: number): Uint8Array {
  if (bytes.length < 18) throw expected(where, `${name} to be a whole gzip file`, `${bytes.length} bytes`)
  const tail = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8)
  const [checksum, size] = [tail.getUint32(0, true), tail.getUint32(4, true)]
  if (size > limit) {
    throw expected(where, `${name} to inflate to at most ${limit} bytes (the option limit)`, size)
  }
  const damaged = () => expected(where, `${name} to be a whole gzip file`, 'a truncated or damaged one')
  if (!isPlausible(bytes.length, size)) throw damaged()
  let content: Uint8Array
  try {
    content = inflateTo(size, (take) => new Gunzip(take), bytes)
  } catch {
    throw damaged()
  }
  if (crc32(content) !== checksum) throw damaged()
  if (isGzip(content)) throw expected(where, `${name} to be compressed once`, 'gzip in gzip')
  return content
}
