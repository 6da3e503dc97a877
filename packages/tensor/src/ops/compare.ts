import * as tf from '@tensorflow/tfjs'
import { made, raw, wrap } from '../tf'
import type { Tensor, TensorOrNumber } from '../types'
import { checkBool, checkBroadcast } from './broadcast'
import { promotePair } from './dtypes'
import { meetNothing } from './nothing'
import { binary, unary } from './per-element'

/**
 * Elementwise with broadcasting, as bool: a = b.
 *
 * @example
 * equal(tensor([1, 2]), 2) // → [false, true]
 */
export const equal = /* @__PURE__ */ binary('equal', tf.equal, 'int32')

/**
 * Elementwise with broadcasting, as bool: a ≠ b.
 *
 * @example
 * notEqual(tensor([1, 2]), 2) // → [true, false]
 */
export const notEqual = /* @__PURE__ */ binary('notEqual', tf.notEqual, 'int32')

/**
 * Elementwise with broadcasting, as bool: a < b.
 *
 * @example
 * less(tensor([1, 2, 3]), 2) // → [true, false, false]
 */
export const less = /* @__PURE__ */ binary('less', tf.less, 'int32')

/**
 * Elementwise with broadcasting, as bool: a <= b.
 *
 * @example
 * lessEqual(tensor([1, 2, 3]), 2) // → [true, true, false]
 */
export const lessEqual = /* @__PURE__ */ binary('lessEqual', tf.lessEqual, 'int32')

/**
 * Elementwise with broadcasting, as bool: a > b.
 *
 * @example
 * greater(tensor([1, 2, 3]), 2) // → [false, false, true]
 */
export const greater = /* @__PURE__ */ binary('greater', tf.greater, 'int32')

/**
 * Elementwise with broadcasting, as bool: a >= b.
 *
 * @example
 * greaterEqual(tensor([1, 2, 3]), 2) // → [false, true, true]
 */
export const greaterEqual = /* @__PURE__ */ binary('greaterEqual', tf.greaterEqual, 'int32')

/**
 * Elementwise: 1 where x is NaN (bool).
 *
 * @example
 * isNan(tensor([1, Infinity, NaN])) // → [false, false, true]
 */
export const isNan = /* @__PURE__ */ unary('isNan', tf.isNaN)

/**
 * Elementwise: 1 where x is neither NaN nor infinite (bool).
 *
 * @example
 * isFiniteNumber(tensor([1, Infinity, NaN])) // → [true, false, false]
 */
export const isFiniteNumber = /* @__PURE__ */ unary('isFiniteNumber', tf.isFinite)

/**
 * Elementwise on bool tensors: a and b.
 *
 * @example
 * const x = range(0, 4)
 * logicalAnd(greater(x, 0), less(x, 3)) // → [false, true, true, false]
 */
export function logicalAnd(a: Tensor, b: Tensor): Tensor {
  checkBool('logicalAnd', a)
  checkBool('logicalAnd', b)
  checkBroadcast('logicalAnd', a, b)
  return wrap(tf.logicalAnd(raw(a), raw(b)))
}

/**
 * Elementwise on bool tensors: a or b.
 *
 * @example
 * const x = range(0, 4)
 * logicalOr(less(x, 1), greater(x, 2)) // → [true, false, false, true]
 */
export function logicalOr(a: Tensor, b: Tensor): Tensor {
  checkBool('logicalOr', a)
  checkBool('logicalOr', b)
  checkBroadcast('logicalOr', a, b)
  return wrap(tf.logicalOr(raw(a), raw(b)))
}

/**
 * Elementwise on a bool tensor: not x.
 *
 * @example
 * logicalNot(tensor([1, 0], [2], 'bool')) // → [false, true]
 */
export function logicalNot(x: Tensor): Tensor {
  checkBool('logicalNot', x)
  return wrap(tf.logicalNot(raw(x)))
}

const isBool = (x: TensorOrNumber): boolean => typeof x !== 'number' && x.dtype === 'bool'

/**
 * Elementwise with broadcasting: `a` where `condition` holds, `b` elsewhere. The gradient reaches the chosen
 * operand only; a NaN in the *gradient* of the operand not chosen still spreads, so keep both finite.
 *
 * @param condition Of type bool.
 * @param a Taken where the condition holds.
 * @param b Taken elsewhere.
 * @example
 * const x = tensor([-1, 2])
 * where(less(x, 0), 0, x) // → [0, 2]
 */
export function where(condition: Tensor, a: TensorOrNumber, b: TensorOrNumber): Tensor {
  checkBool('where', condition)
  checkBroadcast('where', a, b)
  checkBroadcast('where', condition, a)
  checkBroadcast('where', condition, b)
  // The WASM kernel takes four bytes of a bool for one.
  return made(() => {
    const [c, x, y] = meetNothing([raw(condition), ...promotePair('where', 'int32', a, b)])
    const chosen = tf.where(c!, x!, y!)
    return isBool(a) && isBool(b) ? tf.cast(chosen, 'bool') : chosen
  })
}
