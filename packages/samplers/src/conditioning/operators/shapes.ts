import { expected, type Shape } from '@sgm/tensor'
import { checkArrayLikes, checkIntegers, checkLists } from '@sgm/tensor/check'

/** Shape of an image. */
export type ImageShape = readonly [height: number, width: number, channels: number]

/** The number of entries of a shape of integers >= 1. */
export function sizeOf(where: string, shape: Shape): number {
  checkLists(where, { shape })
  checkIntegers(where, Object.fromEntries(shape.map((size, i) => [`shape[${i}]`, size])))
  return shape.reduce((a, b) => a * b, 1)
}

/** The entries of a mask. @throws RangeError unless each is 0 or 1. */
export function maskOf(where: string, mask: ArrayLike<number>): Float32Array {
  checkArrayLikes(where, { mask })
  const entries: unknown[] = Array.from(mask)
  const wrong = entries.findIndex((entry) => entry !== 0 && entry !== 1)
  if (wrong >= 0) throw expected(where, 'a mask with entries of 0 or 1', entries[wrong])
  return Float32Array.from(mask)
}

/** An image's shape. @throws RangeError for another. */
export function imageShape(where: string, shape: ImageShape): ImageShape {
  sizeOf(where, shape)
  if (shape.length !== 3) throw expected(where, 'shape [height, width, channels]', [...shape])
  const [height, width, channels] = shape
  return [height, width, channels]
}
