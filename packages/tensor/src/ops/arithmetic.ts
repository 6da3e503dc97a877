import * as tf from '@tensorflow/tfjs'
import { binary, exactly, unary } from './per-element'

/**
 * Elementwise with broadcasting: a + b.
 *
 * @example
 * add(tensor([1, 2]), 3) // → [4, 5]
 * add(tensor([[1], [2]]), tensor([10, 20])) // → [[11, 21], [12, 22]]
 */
export const add = /* @__PURE__ */ binary('add', tf.add, 'int32')

/**
 * Elementwise with broadcasting: a − b.
 *
 * @example
 * sub(tensor([1, 2]), 3) // → [-2, -1]
 */
export const sub = /* @__PURE__ */ binary('sub', tf.sub, 'int32')

/**
 * Elementwise with broadcasting: a · b.
 *
 * @example
 * mul(tensor([1, 2]), tensor([3, 4])) // → [3, 8]
 */
export const mul = /* @__PURE__ */ binary('mul', tf.mul, 'int32')

/**
 * Elementwise with broadcasting: a / b, float32 of operands of any type.
 *
 * @example
 * div(tensor([1, 3]), 2) // → [0.5, 1.5]
 */
export const div = /* @__PURE__ */ binary('div', tf.div, 'float32')

/**
 * Elementwise with broadcasting: aᵇ, float32 of operands of any type.
 *
 * @example
 * pow(tensor([2, 9]), tensor([3, 0.5])) // → [8, 3]
 */
export const pow = /* @__PURE__ */ binary('pow', tf.pow, 'float32')

/**
 * Elementwise with broadcasting: the larger of a and b; at a tie, a has the gradient.
 *
 * @example
 * maximum(tensor([-1, 2]), 0) // → [0, 2]
 */
export const maximum = /* @__PURE__ */ binary('maximum', tf.maximum, 'int32')

/**
 * Elementwise with broadcasting: the smaller of a and b; at a tie, a has the gradient.
 *
 * @example
 * minimum(tensor([-1, 2]), 0) // → [-1, 0]
 */
export const minimum = /* @__PURE__ */ binary('minimum', tf.minimum, 'int32')

/**
 * Elementwise with broadcasting: the remainder of a / b, with the sign of b. By 0 it is NaN, of integers 0.
 *
 * @example
 * mod(tensor([5, -5]), 3) // → [2, 1]
 */
export const mod = /* @__PURE__ */ binary('mod', remainder, 'int32')

/**
 * Elementwise with broadcasting: the angle of the point (b, a), in radians.
 *
 * @example
 * atan2(tensor([1, 0]), tensor([0, -1])) // → [1.5708, 3.1416]
 */
export const atan2 = /* @__PURE__ */ binary('atan2', tf.atan2, 'float32')

/**
 * Elementwise with broadcasting: (a − b)².
 *
 * @example
 * squaredDifference(tensor([1, 5]), 3) // → [4, 4]
 */
export const squaredDifference = /* @__PURE__ */ binary('squaredDifference', difference2, 'int32')

/**
 * Elementwise: −x.
 *
 * @example
 * neg(tensor([1, -2])) // → [-1, 2]
 */
export const neg = /* @__PURE__ */ unary('neg', /* @__PURE__ */ exactly(tf.neg, negative), 'int32')

/**
 * Elementwise: |x|; its gradient is 0 at 0.
 *
 * @example
 * abs(tensor([-1.5, 2])) // → [1.5, 2]
 */
export const abs = /* @__PURE__ */ unary(
  'abs',
  /* @__PURE__ */ exactly(tf.abs, (x) => tf.maximum(x, negative(x))),
  'int32',
)

/**
 * Elementwise: −1, 0 or 1, as x is; its gradient is 0.
 *
 * @example
 * sign(tensor([-3, 0, 2])) // → [-1, 0, 1]
 */
export const sign = /* @__PURE__ */ unary('sign', tf.sign, 'int32')

/**
 * Elementwise: x².
 *
 * @example
 * square(tensor([3, -4])) // → [9, 16]
 */
export const square = /* @__PURE__ */ unary(
  'square',
  /* @__PURE__ */ exactly(tf.square, (x) => tf.mul(x, x)),
  'int32',
)

function negative(x: tf.Tensor): tf.Tensor {
  return tf.sub(tf.scalar(0, 'int32'), x)
}

type Operand = tf.Tensor | number

const isInteger = (x: Operand): x is tf.Tensor => typeof x !== 'number' && x.dtype === 'int32'

function difference2(a: Operand, b: Operand): tf.Tensor {
  return isInteger(b) ? exactly(tf.square, (x) => tf.mul(x, x))(tf.sub(a, b)) : tf.squaredDifference(a, b)
}

/** Dividing integers by 0 ends the WASM module, and by −1 the least of them the process; by 1, the remainder is 0 too. */
function remainder(a: Operand, b: Operand): tf.Tensor {
  if (!isInteger(b)) return tf.mod(a, b)
  const one = tf.scalar(1, 'int32')
  const isUnit = tf.logicalOr(tf.equal(b, tf.scalar(0, 'int32')), tf.equal(b, negative(one)))
  return tf.mod(a, tf.where(isUnit, one, b))
}
