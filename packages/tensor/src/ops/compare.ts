import * as tf from '@tensorflow/tfjs'
import { expectedType } from '../check'
import { raw, rawOrNumber, wrap } from '../tf'
import type { Tensor, TensorOrNumber } from '../types'
import { checkBroadcast, checkTensor } from './broadcast'
import { binary } from './elementwise'

/** Elementwise with broadcasting, as bool: a = b. */
export const equal = /* @__PURE__ */ binary('equal', tf.equal)

/** Elementwise with broadcasting, as bool: a ≠ b. */
export const notEqual = /* @__PURE__ */ binary('notEqual', tf.notEqual)

/** Elementwise with broadcasting, as bool: a < b. */
export const less = /* @__PURE__ */ binary('less', tf.less)

/** Elementwise with broadcasting, as bool: a <= b. */
export const lessEqual = /* @__PURE__ */ binary('lessEqual', tf.lessEqual)

/** Elementwise with broadcasting, as bool: a > b. */
export const greater = /* @__PURE__ */ binary('greater', tf.greater)

/** Elementwise with broadcasting, as bool: a >= b. */
export const greaterEqual = /* @__PURE__ */ binary('greaterEqual', tf.greaterEqual)

/** Elementwise on bool tensors: a and b. */
export function logicalAnd(a: Tensor, b: Tensor): Tensor {
  checkBool('logicalAnd', a)
  checkBool('logicalAnd', b)
  checkBroadcast('logicalAnd', a, b)
  return wrap(tf.logicalAnd(raw(a), raw(b)))
}

/** Elementwise on bool tensors: a or b. */
export function logicalOr(a: Tensor, b: Tensor): Tensor {
  checkBool('logicalOr', a)
  checkBool('logicalOr', b)
  checkBroadcast('logicalOr', a, b)
  return wrap(tf.logicalOr(raw(a), raw(b)))
}

/** Elementwise on a bool tensor: not x. */
export function logicalNot(x: Tensor): Tensor {
  checkBool('logicalNot', x)
  return wrap(tf.logicalNot(raw(x)))
}

/**
 * Elementwise with broadcasting: `a` where `condition` holds, `b` elsewhere. The gradient reaches the chosen
 * operand only; a NaN in the *gradient* of the operand not chosen still spreads, so keep both finite.
 */
export function where(condition: Tensor, a: TensorOrNumber, b: TensorOrNumber): Tensor {
  checkBool('where', condition)
  checkBroadcast('where', a, b)
  checkBroadcast('where', condition, a)
  checkBroadcast('where', condition, b)
  return wrap(tf.where(raw(condition), rawOrNumber(a), rawOrNumber(b)))
}

function checkBool(name: string, x: Tensor): void {
  checkTensor(name, x)
  if (x.dtype !== 'bool') throw expectedType(name, 'a bool tensor', `dtype ${x.dtype}`)
}
