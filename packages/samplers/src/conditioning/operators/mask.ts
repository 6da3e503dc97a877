import { expected, mul, reshape, type Shape, type Tensor, tensor, tidy } from '@sgm/tensor'
import { checkedOperator, type LinearOperator } from './linear-operator'
import { maskOf, sizeOf } from './shapes'

/**
 * The operator that keeps the entries of each datum where `mask` is 1 and sets the others to 0 (inpainting).
 *
 * @param mask 0 or 1, row-major: one for each entry, or one for each pixel of all channels.
 * @param shape Shape of a datum. `@default [mask.length]`
 * @throws RangeError when an entry is neither 0 nor 1, or the mask does not fit the shape.
 * @example
 * const operator = maskOperator([1, 0]) // of two numbers, the first is seen
 * operator.apply(tensor([[3, 4]])) // → [[3, 0]]
 */
export function maskOperator(mask: ArrayLike<number>, shape: Shape = [mask?.length]): LinearOperator {
  const values = maskOf('maskOperator', mask)
  const entries = sizeOf('maskOperator', shape)
  const channels = entries / values.length
  if (channels !== 1 && channels !== shape.at(-1)) {
    throw expected('maskOperator', `a mask of ${entries} entries, or one a pixel`, values.length)
  }
  const ofMask = channels === 1 ? shape : [...shape.slice(0, -1), 1]
  const kept = (x: Tensor): Tensor => tidy(() => mul(x, reshape(tensor(values), [1, ...ofMask])))
  return checkedOperator('maskOperator', {
    domain: [...shape],
    codomain: [...shape],
    apply: kept,
    adjoint: kept,
    spectrum: 1,
  })
}
