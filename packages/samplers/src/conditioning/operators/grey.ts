import { div, mean, mul, ones, tidy } from '@sgm/tensor'
import { checkedOperator, type LinearOperator } from './linear-operator'
import { type ImageShape, imageShape } from './shapes'

/**
 * The operator that takes the mean of the channels of each pixel (colourisation).
 *
 * @param shape `[height, width, channels]` of an image.
 * @throws RangeError when the shape is not one of images.
 * @example
 * const operator = greyOperator([1, 1, 3])
 * operator.apply(tensor([1, 2, 6], [1, 1, 1, 3])) // → [[[[3]]]]
 */
export function greyOperator(shape: ImageShape): LinearOperator {
  const [height, width, channels] = imageShape('greyOperator', shape)
  return checkedOperator('greyOperator', {
    domain: [height, width, channels],
    codomain: [height, width, 1],
    apply: (x) => mean(x, -1, true),
    adjoint: (y) => tidy(() => mul(div(y, channels), ones([1, 1, 1, channels]))),
    spectrum: 1,
  })
}
