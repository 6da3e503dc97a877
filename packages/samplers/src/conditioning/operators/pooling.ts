import { tidy } from '@sgm/tensor'
import { checkIntegers } from '@sgm/tensor/check'
import { checkedOperator, type LinearOperator } from './linear-operator'
import { imagesOf, matrixOf, planesOf, sandwich } from './planes'
import { type ImageShape, imageShape } from './shapes'

/**
 * The operator that shrinks images by averaging squares of `factor` × `factor` pixels (super-resolution). Squares that reach over the
 * edge average what of them is inside.
 *
 * @param shape `[height, width, channels]` of an image.
 * @param factor An integer >= 1, such as 2 or 4.
 * @throws RangeError when an argument is not of its kind.
 * @example
 * const operator = poolingOperator([2, 2, 1], 2)
 * operator.apply(tensor([1, 2, 3, 6], [1, 2, 2, 1])) // → [[[[3]]]]
 */
export function poolingOperator(shape: ImageShape, factor: number): LinearOperator {
  const [height, width, channels] = imageShape('poolingOperator', shape)
  checkIntegers('poolingOperator', { factor })
  const averaging = (size: number) =>
    matrixOf(Math.ceil(size / factor), size, (row, column) =>
      Math.floor(column / factor) === row ? 1 / Math.min(factor, size - row * factor) : 0,
    )
  const [left, right] = [averaging(height), averaging(width)]
  // Squares are of one size, but for those at the lower edge, at the right one, and at both.
  const sizes = (size: number): number => (size % factor === 0 || size < factor ? 1 : 2)
  return checkedOperator('poolingOperator', {
    domain: [height, width, channels],
    codomain: [left.rows, right.rows, channels],
    apply: (x) => tidy(() => imagesOf(sandwich(left, planesOf(x), right))),
    adjoint: (y) => tidy(() => imagesOf(sandwich(left, planesOf(y), right, true))),
    spectrum: sizes(height) * sizes(width),
  })
}
