import { expected, type Shape } from '@sgm/tensor'
import { checkIntegers, checkLists } from '@sgm/tensor/check'

/** Shape of an image. */
export type ImageShape = readonly [height: number, width: number, channels: number]

/** The number of entries of a shape of integers >= 1. */
export function sizeOf(where: string, shape: Shape): number {
  checkLists(where, { shape })
  checkIntegers(where, Object.fromEntries(shape.map((size, i) => [`shape[${i}]`, size])))
  return shape.reduce((a, b) => a * b, 1)
}

/** An image's shape. @throws RangeError for another. */
export function imageShape(where: string, shape: ImageShape): ImageShape {
  sizeOf(where, shape)
  if (shape.length !== 3) throw expected(where, 'shape [height, width, channels]', [...shape])
  const [height, width, channels] = shape
  return [height, width, channels]
}
