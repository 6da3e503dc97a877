import * as tf from '@tensorflow/tfjs'
import {
  checkIntegers,
  checkLists,
  checkShape,
  checkTensor,
  expected,
  expectedType,
  formatShape,
} from '../check'
import { tidy } from '../memory'
import { made, raw, wrap } from '../tf'
import type { NumericDType, Shape, Tensor } from '../types'
import { broadcastShapes, checkAxes, checkAxis } from './broadcast'
import { promote, promoteAll } from './dtypes'
import { stretched } from './nothing'
import { checkSizes, checkValue } from './values'

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
  const product = known.reduce((a, b) => a * b, 1)
  const free = shape.length - known.length
  const fits = free === 0 ? product === x.size : free === 1 && product > 0 && x.size % product === 0
  if (!fits || known.some((size) => !Number.isInteger(size) || size < 0)) {
    throw expected('reshape', `a shape of ${x.size} values`, formatShape(shape))
  }
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
 * Tensors joined along an axis they may differ in, in the widest of their element types.
 *
 * @example
 * concat([tensor([[1], [2]]), tensor([[3], [4]])], 1) // → [[1, 3], [2, 4]]
 */
export function concat(parts: readonly Tensor[], axis = 0): Tensor {
  const first = firstOf('concat', parts)
  const at = checkAxis('concat', axis, first.shape.length)
  for (const part of parts) {
    if (
      part.shape.length !== first.shape.length ||
      part.shape.some((n, i) => i !== at && n !== first.shape[i])
    ) {
      throw expected(
        'concat',
        `shapes equal to ${formatShape(first.shape)} but on axis ${at}`,
        formatShape(part.shape),
      )
    }
  }
  return made(() => tf.concat(promoteAll('concat', 'bool', parts), at))
}

/**
 * Tensors of one shape joined along a new axis, in the widest of their element types.
 *
 * @example
 * stack([tensor([1, 2]), tensor([3, 4])]) // → [[1, 2], [3, 4]]
 */
export function stack(parts: readonly Tensor[], axis = 0): Tensor {
  const first = firstOf('stack', parts)
  for (const { shape } of parts) checkShape('stack', 'tensors', shape, first.shape)
  const at = checkAxis('stack', axis, first.shape.length + 1)
  return tidy(() =>
    concat(
      parts.map((part) => expandDims(part, at)),
      at,
    ),
  )
}

/** The first of some tensors. */
function firstOf(where: string, parts: readonly Tensor[]): Tensor {
  checkLists(where, { parts })
  if (parts.length === 0) throw expected(where, 'at least one tensor', 'none')
  for (const part of parts) checkTensor(where, part)
  return parts[0]!
}

/**
 * Parts of the given sizes along an axis; one number means that many equal parts.
 *
 * @param parts How many of the same size, or the sizes of the parts.
 * @example
 * const [left, right] = splitAxis(
 *   tensor([
 *     [1, 2],
 *     [3, 4],
 *   ]),
 *   2,
 *   1,
 * )
 * left! // → [[1], [3]]
 * right! // → [[2], [4]]
 */
export function splitAxis(x: Tensor, parts: number | Shape, axis = 0): Tensor[] {
  checkTensor('splitAxis', x)
  const at = checkAxis('splitAxis', axis, x.shape.length)
  const length = x.shape[at]!
  if (typeof parts !== 'number') checkLists('splitAxis', { parts })
  const sizes = typeof parts === 'number' ? equalParts(length, parts) : [...parts]
  if (!sizes.every(isCount) || sizes.reduce((a, b) => a + b, 0) !== length) {
    throw expected('splitAxis', `sizes that add to ${length}`, parts)
  }
  return tf.split(raw(x), sizes, at).map(wrap)
}

/** More tensors than these are a slip: each takes some kilobytes. */
const MOST_PARTS = 2 ** 20

function equalParts(length: number, count: number): number[] {
  return isCount(count) && isCount(length / count) && count <= MOST_PARTS
    ? Array<number>(count).fill(length / count)
    : []
}

/**
 * The slices along an axis, without it.
 *
 * @example
 * const [first, second] = unstack(
 *   tensor([
 *     [1, 2],
 *     [3, 4],
 *   ]),
 * )
 * second! // → [3, 4]
 */
export function unstack(x: Tensor, axis = 0): Tensor[] {
  checkTensor('unstack', x)
  return tf.unstack(raw(x), checkAxis('unstack', axis, x.shape.length)).map(wrap)
}

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
  return wrap(tf.slice(raw(x), [...begin], sizes))
}

/**
 * `x` with `[before, after]` more entries of `value` on each axis. @throws RangeError when x's element type cannot hold it.
 *
 * @param paddings For each axis how many to put before and after.
 * @param value What to put there.
 * @example
 * pad(tensor([1, 2]), [[1, 2]]) // → [0, 1, 2, 0, 0]
 */
export function pad(x: Tensor, paddings: readonly (readonly [number, number])[], value = 0): Tensor {
  checkTensor('pad', x)
  checkLists('pad', { paddings })
  if (paddings.length !== x.shape.length || !paddings.every(isPair)) {
    throw expected('pad', `${x.shape.length} pairs of integers >= 0`, paddings)
  }
  checkSizes(
    'pad',
    x.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1]),
  )
  return made(() => {
    const y = promote('pad', 'bool', x)
    checkValue('pad', value, y.dtype as NumericDType)
    const pairs = paddings.map(([before, after]) => [before, after] as [number, number])
    // Kernels begin with zeros, which have no sign.
    const isNegativeZero = Object.is(value, -0) && y.dtype === 'float32'
    return isNegativeZero ? tf.neg(tf.pad(tf.neg(y), pairs)) : tf.pad(y, pairs, value)
  })
}

/**
 * `x` repeated `times[i]` times along axis i.
 *
 * @param times For each axis how often.
 * @example
 * tile(tensor([[1, 2]]), [2, 2]) // → [[1, 2, 1, 2], [1, 2, 1, 2]]
 */
export function tile(x: Tensor, times: Shape): Tensor {
  checkTensor('tile', x)
  checkLists('tile', { times })
  if (times.length !== x.shape.length || !times.every((n) => Number.isInteger(n) && n >= 1)) {
    throw expected('tile', `${x.shape.length} integers >= 1`, formatShape(times))
  }
  checkSizes(
    'tile',
    x.shape.map((size, axis) => size * times[axis]!),
  )
  return wrap(tf.tile(raw(x), [...times]))
}

/**
 * `x` stretched to `shape` by NumPy's rule.
 *
 * @example
 * broadcastTo(tensor([1, 2]), [2, 2]) // → [[1, 2], [1, 2]]
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  checkTensor('broadcastTo', x)
  checkSizes('broadcastTo', shape)
  const reached = broadcastShapes(x.shape, shape, 'broadcastTo')
  if (reached.some((size, i) => size !== shape[i]) || reached.length !== shape.length) {
    throw expected('broadcastTo', `a shape that ${formatShape(x.shape)} stretches to`, formatShape(shape))
  }
  return made(() => stretched(raw(x), shape))
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

function isCount(size: number): boolean {
  return Number.isInteger(size) && size >= 0
}

function isPair(pair: readonly number[]): boolean {
  return Array.isArray(pair) && pair.length === 2 && pair.every(isCount)
}

function checkIndices(where: string, indices: Tensor): void {
  checkTensor(where, indices)
  if (indices.dtype !== 'int32') throw expectedType(where, 'int32 indices', `dtype ${indices.dtype}`)
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
