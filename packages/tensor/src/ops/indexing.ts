import * as tf from '@tensorflow/tfjs'
import { checkIntegers, checkLists, checkTensor, expected, expectedType, formatShape } from '../check'
import { checkSizes, isCount } from '../check/sizes'
import { made, raw, wrap } from '../tf'
import type { Shape, Tensor } from '../types'
import { checkAxes, checkAxis } from './broadcast'
import { promote } from './dtypes'

/**
 * The block that starts at `begin` with sizes `size` (−1: to the end).
 *
 * @param begin For each axis where to begin.
 * @param size For each axis how many to take.
 * @throws RangeError when the block leaves the tensor.
 * @example
 * slice(
 *   tensor([
 *     [1, 2, 3],
 *     [4, 5, 6],
 *   ]),
 *   [0, 1],
 *   [2, 2],
 * ) // → [[2, 3], [5, 6]]
 */
export function slice(x: Tensor, begin: Shape, size: Shape): Tensor {
  checkTensor('slice', x)
  checkLists('slice', { begin, size })
  const sizes = size.map((n, i) => (n === -1 ? x.shape[i]! - begin[i]! : n))
  const fits =
    begin.length === x.shape.length &&
    size.length === x.shape.length &&
    x.shape.every((n, i) => isCount(begin[i]!) && isCount(sizes[i]!) && begin[i]! + sizes[i]! <= n)
  if (!fits) {
    throw expected(
      'slice',
      `a block inside ${formatShape(x.shape)}`,
      `${formatShape(begin)} + ${formatShape(size)}`,
    )
  }
  return wrap(sizes.length === 0 ? tf.clone(raw(x)) : tf.slice(raw(x), [...begin], sizes))
}

/**
 * Entries in the opposite order along the given axes. @default all
 *
 * @param axes One or several; all where none is given.
 * @example
 * reverse(tensor([1, 2, 3])) // → [3, 2, 1]
 */
export function reverse(x: Tensor, axes?: number | Shape): Tensor {
  checkTensor('reverse', x)
  const over = checkAxes('reverse', axes, x.shape.length)
  return made(() => {
    if (over.length === 0) return tf.clone(raw(x))
    // The WASM kernel takes four bytes of a bool for one.
    const reversed = tf.reverse(promote('reverse', 'int32', x), over)
    return x.dtype === 'bool' ? tf.cast(reversed, 'bool') : reversed
  })
}

/**
 * The slices of `x` at the given indices (int32, any shape) along an axis. Kernels on a GPU cannot throw, so on every engine an index out
 * of [0, size) is the nearest in it: −1 is 0. The gradient goes to the slice that was taken.
 *
 * @param indices Whole numbers along the axis, int32.
 * @throws RangeError for indices into nothing.
 * @example
 * gather(tensor([10, 20, 30]), tensor([2, 0], [2], 'int32')) // → [30, 10]
 */
export function gather(x: Tensor, indices: Tensor, axis = 0): Tensor {
  checkTensor('gather', x)
  checkIndices('gather', indices)
  const at = checkAxis('gather', axis, x.shape.length)
  const size = x.shape[at]!
  if (indices.size === 0) return wrap(tf.gather(raw(x), raw(indices), at))
  if (size === 0) throw expected('gather', 'entries to choose from', 'none')
  return made(() => {
    const least = tf.scalar(0, 'int32')
    const within = tf.minimum(tf.maximum(raw(indices), least), tf.scalar(size - 1, 'int32'))
    return tf.gather(raw(x), within, at)
  })
}

/**
 * Rows of 0 with a 1 at each index: int32 `[...S]` → float32 `[...S, depth]`.
 *
 * @param indices Whole numbers from 0, int32.
 * @param depth Number of classes: the last axis of the result.
 * @example
 * oneHot(tensor([2, 0], [2], 'int32'), 3) // → [[0, 0, 1], [1, 0, 0]]
 */
export function oneHot(indices: Tensor, depth: number): Tensor {
  checkIndices('oneHot', indices)
  checkIntegers('oneHot', { depth })
  checkSizes('oneHot', [...indices.shape, depth])
  return made(() => {
    // tf.oneHot refuses a depth of 1
    const hot = depth === 1 ? tf.equal(tf.expandDims(raw(indices), -1), 0) : tf.oneHot(raw(indices), depth)
    return tf.cast(hot, 'float32')
  })
}

function checkIndices(where: string, indices: Tensor): void {
  checkTensor(where, indices)
  if (indices.dtype !== 'int32') throw expectedType(where, 'int32 indices', `dtype ${indices.dtype}`)
}
