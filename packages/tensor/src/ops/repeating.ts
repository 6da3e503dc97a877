import * as tf from '@tensorflow/tfjs'
import { checkLists, checkTensor, expected, formatShape } from '../check'
import { checkSizes, isCount } from '../check/sizes'
import { made, raw, wrap } from '../tf'
import type { NumericDType, Shape, Tensor } from '../types'
import { broadcastShapes } from './broadcast'
import { promote } from './dtypes'
import { stretched } from './nothing'
import { checkValue } from './values'

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
    if (y.rank === 0) return tf.clone(y)
    const pairs = paddings.map(([before, after]) => [before, after] as [number, number])
    // Kernels begin with zeros, which have no sign.
    const isNegativeZero = Object.is(value, -0) && y.dtype === 'float32'
    return isNegativeZero ? tf.neg(tf.pad(tf.neg(y), pairs)) : tf.pad(y, pairs, value)
  })
}

function isPair(pair: readonly number[]): boolean {
  return Array.isArray(pair) && pair.length === 2 && pair.every(isCount)
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
