import { expected, formatShape } from '@sgm/tensor/check'
import type { ByteSource } from './source'

/** Bytes an element, by the third byte of the file. */
const SIZES: Readonly<Record<number, number>> = { 8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8 }

/** What the head of an IDX file says. */
export interface IdxHeader {
  readonly shape: readonly number[]
  /** 8: unsigned bytes; 9: signed bytes; 11: int16; 12: int32; 13: float32; 14: float64. */
  readonly type: number
  /** Place of the first element. */
  readonly first: number
}

/** Whether the bytes begin as an IDX file does: two zeros, a type, a rank. */
export function isIdx(head: Uint8Array): boolean {
  return head[0] === 0 && head[1] === 0 && SIZES[head[2]!] !== undefined && head[3]! >= 1 && head[3]! <= 4
}

/**
 * The head of an IDX file, held to the length of the file.
 *
 * LeCun, Cortes, Burges, "The MNIST database of handwritten digits": two zeros, the type, the rank, the sizes as
 * big-endian int32, the elements.
 *
 * @throws RangeError when the file is longer or shorter than its head says.
 */
export async function idxHeader(where: string, source: ByteSource): Promise<IdxHeader> {
  const head = await source.read([0], Math.min(20, source.length))
  const rank = head[3]!
  const first = 4 + 4 * rank
  if (head.length < first)
    throw expected(where, `${source.name} to have a head of ${first} bytes`, head.length)
  const view = new DataView(head.buffer, head.byteOffset, head.length)
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis))
  const type = head[2]!
  const wanted = shape.reduce((a, b) => a * b, SIZES[type]!)
  if (source.length - first !== wanted) {
    const what = `${source.name} to hold ${wanted} bytes after its head, for shape ${formatShape(shape)}`
    throw expected(where, what, source.length - first)
  }
  return { shape, type, first }
}
