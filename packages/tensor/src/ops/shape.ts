import * as tf from '@tensorflow/tfjs'
import { checkLists, checkTensor, expected, formatShape } from '../check'
import { isCount } from '../check/sizes'
import { raw, wrap } from '../tf'
import type { Shape, Tensor } from '../types'
import { checkAxes, checkAxis } from './broadcast'

/**
 * The same values, row-major, in another shape; one size may be −1, to be worked out.
 *
 * @throws RangeError when the sizes do not multiply to `x.size`.
 * @example
 * reshape(tensor([1, 2, 3, 4]), [2, -1]) // → [[1, 2], [3, 4]]
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkTensor('reshape', x)
  checkLists('reshape', { shape })
  const known = shape.filter((size) => size !== -1)
  const product = known.every(isCount) ? known.reduce((a, b) => a * b, 1) : Number.NaN
  const free = shape.length - known.length
  const fits = free === 0 ? product === x.size : free === 1 && product > 0 && x.size % product === 0
  if (!fits) throw expected('reshape', `a shape of ${x.size} values`, formatShape(shape))
  return wrap(tf.reshape(raw(x), [...shape]))
}

/**
 * Axes in another order. @default `order` reverses them
 *
 * @param order Where each axis of the result comes from; the axes turned round where none is given.
 * @example
 * transpose(
 *   tensor([
 *     [1, 2],
 *     [3, 4],
 *   ]),
 * ) // → [[1, 3], [2, 4]]
 */
export function transpose(x: Tensor, order?: Shape): Tensor {
  checkTensor('transpose', x)
  if (order === undefined) return wrap(tf.transpose(raw(x)))
  checkLists('transpose', { order })
  const axes = checkAxes('transpose', order, x.shape.length)
  if (axes.length !== x.shape.length) {
    throw expected('transpose', `${x.shape.length} axes`, formatShape(order))
  }
  return wrap(tf.transpose(raw(x), axes))
}

/**
 * A new axis of size 1 before `axis`.
 *
 * @example
 * expandDims(tensor([1, 2]), 1) // → [[1], [2]]
 */
export function expandDims(x: Tensor, axis = 0): Tensor {
  checkTensor('expandDims', x)
  return wrap(tf.expandDims(raw(x), checkAxis('expandDims', axis, x.shape.length + 1)))
}

/**
 * Without the given axes of size 1. @default all of them
 *
 * @param axes Which of size 1 to remove; all where none is given.
 * @example
 * squeeze(tensor([[[1], [2]]])) // → [1, 2]
 * squeeze(tensor([[[1], [2]]]), -1) // → [[1, 2]]
 */
export function squeeze(x: Tensor, axes?: number | Shape): Tensor {
  checkTensor('squeeze', x)
  const list =
    axes === undefined
      ? x.shape.flatMap((size, axis) => (size === 1 ? [axis] : []))
      : checkAxes('squeeze', axes, x.shape.length)
  if (list.some((axis) => x.shape[axis] !== 1)) {
    throw expected('squeeze', `axes of size 1 in shape ${formatShape(x.shape)}`, formatShape(list))
  }
  return wrap(
    tf.reshape(
      raw(x),
      x.shape.filter((_, axis) => !list.includes(axis)),
    ),
  )
}

/**
 * A per-row number made ready to meet a batch: `[B]` → `[B, 1, …, 1]` of the rank of `like`.
 * A scalar stays as it is.
 *
 * @param v `[B]`, a number for each row.
 * @param like `[B, ...]`, what the numbers are to be combined with.
 * @example
 * alignRows(tensor([0.1, 0.2]), zeros([2, 28, 28, 1])).shape // → [2, 1, 1, 1]
 */
export function alignRows(v: Tensor, like: Tensor): Tensor {
  checkTensor('alignRows', v)
  checkTensor('alignRows', like)
  if (v.shape.length === 0) return v
  if (v.shape.length !== 1) throw expected('alignRows', 'shape [B]', formatShape(v.shape))
  return wrap(tf.reshape(raw(v), [v.shape[0]!, ...Array<number>(Math.max(like.shape.length - 1, 0)).fill(1)]))
}
