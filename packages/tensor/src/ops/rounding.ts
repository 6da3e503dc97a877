import * as tf from '@tensorflow/tfjs'
import { checkTensor, expected } from '../check'
import { made } from '../tf'
import type { NumericDType, Tensor } from '../types'
import { promote } from './dtypes'
import { exactly, unary } from './per-element'
import { checkDType, checkValue } from './values'

/**
 * Elementwise: the largest integer <= x; its gradient is 0.
 *
 * @example
 * floor(tensor([1.8, -1.2])) // → [1, -2]
 */
export const floor = /* @__PURE__ */ unary('floor', /* @__PURE__ */ exactly(tf.floor), 'int32')

/**
 * Elementwise: the smallest integer >= x; its gradient is 0.
 *
 * @example
 * ceil(tensor([1.2, -1.2])) // → [2, -1]
 */
export const ceil = /* @__PURE__ */ unary('ceil', /* @__PURE__ */ exactly(tf.ceil), 'int32')

/**
 * Elementwise: the nearest integer, ties to even; its gradient is 0.
 *
 * @example
 * round(tensor([0.5, 1.5, 2.4])) // → [0, 2, 2]
 */
export const round = /* @__PURE__ */ unary('round', /* @__PURE__ */ exactly(tf.round), 'int32')

/**
 * Elementwise: x limited to [low, high]. The gradient is 1 inside the interval (its ends included) and 0 outside.
 *
 * @throws RangeError when low > high, or integers are to be limited to what is neither an integer nor infinite.
 * @example
 * clip(tensor([-2, 0.5, 3]), 0, 1) // → [0, 0.5, 1]
 */
export function clip(x: Tensor, low: number, high: number): Tensor {
  checkTensor('clip', x)
  checkValue('clip', low, 'float32')
  checkValue('clip', high, 'float32')
  if (!(low <= high)) throw expected('clip', 'low <= high', `${low} and ${high}`)
  return made(() => {
    const y = promote('clip', 'int32', x)
    // tfjs fills with the value that an interval of one consists of, and so loses NaN and the gradient.
    if (y.dtype === 'float32' && low < high) return tf.clipByValue(y, low, high)
    if (y.dtype === 'float32') return tf.minimum(tf.maximum(y, low), high)
    const [least, most] = [Math.max(low, MIN_INT), Math.min(high, MAX_INT)]
    checkValue('clip', least, 'int32')
    checkValue('clip', most, 'int32')
    return tf.minimum(tf.maximum(y, tf.scalar(least, 'int32')), tf.scalar(most, 'int32'))
  })
}

/**
 * The same values as another element type: anything but 0 is true; floats become integers by truncation towards 0, those
 * beyond 32 bits the nearest that a float can be, NaN 0. The gradient of a cast to int32 or bool is 0.
 *
 * @example
 * cast(tensor([1.7, -1.7]), 'int32') // → [1, -1]
 */
export function cast(x: Tensor, dtype: NumericDType): Tensor {
  checkTensor('cast', x)
  checkDType('cast', dtype)
  return made(() => {
    const y = promote('cast', 'bool', x)
    if (dtype === 'bool' && y.dtype !== 'bool') return tf.notEqual(y, 0)
    return tf.cast(dtype === 'int32' && y.dtype === 'float32' ? withinInt(y) : y, dtype)
  })
}

const MIN_INT = -(2 ** 31)
const MAX_INT = 2 ** 31 - 1

/** Engines agree on the integers of these floats alone. */
function withinInt(x: tf.Tensor): tf.Tensor {
  // tfjs's `where` of nothing and a number has one entry.
  return x.size === 0 ? x : tf.where(tf.isNaN(x), 0, tf.clipByValue(x, MIN_INT, MAX_INT - 127))
}
