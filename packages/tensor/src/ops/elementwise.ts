import * as tf from '@tensorflow/tfjs'
import { checkTensor, expected } from '../check'
import { made } from '../tf'
import type { NumericDType, Tensor } from '../types'
import { promote } from './dtypes'
import { binary, unary } from './per-element'
import { checkDType, checkValue } from './values'

/** Elementwise with broadcasting: a + b. */
export const add = /* @__PURE__ */ binary('add', tf.add, 'int32')

/** Elementwise with broadcasting: a − b. */
export const sub = /* @__PURE__ */ binary('sub', tf.sub, 'int32')

/** Elementwise with broadcasting: a · b. */
export const mul = /* @__PURE__ */ binary('mul', tf.mul, 'int32')

/** Elementwise with broadcasting: a / b, float32 of operands of any type. */
export const div = /* @__PURE__ */ binary('div', tf.div, 'float32')

/** Elementwise with broadcasting: aᵇ, float32 of operands of any type. */
export const pow = /* @__PURE__ */ binary('pow', tf.pow, 'float32')

/** Elementwise with broadcasting: the larger of a and b; at a tie, a has the gradient. */
export const maximum = /* @__PURE__ */ binary('maximum', tf.maximum, 'int32')

/** Elementwise with broadcasting: the smaller of a and b; at a tie, a has the gradient. */
export const minimum = /* @__PURE__ */ binary('minimum', tf.minimum, 'int32')

/** Elementwise with broadcasting: the remainder of a / b, with the sign of b. By 0 it is NaN, of integers 0. */
export const mod = /* @__PURE__ */ binary('mod', remainder, 'int32')

/** Elementwise with broadcasting: the angle of the point (b, a), in radians. */
export const atan2 = /* @__PURE__ */ binary('atan2', tf.atan2, 'float32')

/** Elementwise with broadcasting: (a − b)². */
export const squaredDifference = /* @__PURE__ */ binary('squaredDifference', difference2, 'int32')

/** Elementwise: −x. */
export const neg = /* @__PURE__ */ unary('neg', exactly(tf.neg, negative), 'int32')

/** Elementwise: |x|; its gradient is 0 at 0. */
export const abs = /* @__PURE__ */ unary(
  'abs',
  exactly(tf.abs, (x) => tf.maximum(x, negative(x))),
  'int32',
)

/** Elementwise: −1, 0 or 1, as x is; its gradient is 0. */
export const sign = /* @__PURE__ */ unary('sign', tf.sign, 'int32')

/** Elementwise: x². */
export const square = /* @__PURE__ */ unary(
  'square',
  exactly(tf.square, (x) => tf.mul(x, x)),
  'int32',
)

/** Elementwise: √x. */
export const sqrt = /* @__PURE__ */ unary('sqrt', tf.sqrt)

/** Elementwise: 1 / √x. */
export const rsqrt = /* @__PURE__ */ unary('rsqrt', tf.rsqrt)

/** Elementwise: 1 / x. */
export const reciprocal = /* @__PURE__ */ unary('reciprocal', tf.reciprocal)

/** Elementwise: eˣ. */
export const exp = /* @__PURE__ */ unary('exp', tf.exp)

/** Elementwise: eˣ − 1, exact near 0. */
export const expm1 = /* @__PURE__ */ unary('expm1', tf.expm1)

/** Elementwise: ln x. */
export const log = /* @__PURE__ */ unary('log', tf.log)

/** Elementwise: ln(1 + x), exact near 0. */
export const log1p = /* @__PURE__ */ unary('log1p', tf.log1p)

/** Elementwise: sin x, x in radians. */
export const sin = /* @__PURE__ */ unary('sin', tf.sin)

/** Elementwise: cos x, x in radians. */
export const cos = /* @__PURE__ */ unary('cos', tf.cos)

/** Elementwise: tan x, x in radians. */
export const tan = /* @__PURE__ */ unary('tan', tf.tan)

/** Elementwise: arcsin x. */
export const asin = /* @__PURE__ */ unary('asin', tf.asin)

/** Elementwise: arccos x. */
export const acos = /* @__PURE__ */ unary('acos', tf.acos)

/** Elementwise: arctan x. */
export const atan = /* @__PURE__ */ unary('atan', tf.atan)

/** Elementwise: sinh x. */
export const sinh = /* @__PURE__ */ unary('sinh', tf.sinh)

/** Elementwise: cosh x. */
export const cosh = /* @__PURE__ */ unary('cosh', tf.cosh)

/** Elementwise: arsinh x. */
export const asinh = /* @__PURE__ */ unary('asinh', tf.asinh)

/** Elementwise: arcosh x. */
export const acosh = /* @__PURE__ */ unary('acosh', tf.acosh)

/** Elementwise: artanh x. */
export const atanh = /* @__PURE__ */ unary('atanh', tf.atanh)

/** Elementwise: the error function (2/√π)∫₀ˣ e^{−u²} du. */
export const erf = /* @__PURE__ */ unary('erf', tf.erf)

/** Elementwise: the largest integer <= x; its gradient is 0. */
export const floor = /* @__PURE__ */ unary('floor', exactly(tf.floor), 'int32')

/** Elementwise: the smallest integer >= x; its gradient is 0. */
export const ceil = /* @__PURE__ */ unary('ceil', exactly(tf.ceil), 'int32')

/** Elementwise: the nearest integer, ties to even; its gradient is 0. */
export const round = /* @__PURE__ */ unary('round', exactly(tf.round), 'int32')

/** Elementwise: 1 where x is NaN (bool). */
export const isNan = /* @__PURE__ */ unary('isNan', tf.isNaN)

/** Elementwise: 1 where x is neither NaN nor infinite (bool). */
export const isFiniteNumber = /* @__PURE__ */ unary('isFiniteNumber', tf.isFinite)

/**
 * Elementwise: x limited to [low, high]. The gradient is 1 inside the interval (its ends included) and 0 outside.
 *
 * @throws RangeError when low > high, or integers are to be limited to what is neither an integer nor infinite.
 */
export function clip(x: Tensor, low: number, high: number): Tensor {
  checkTensor('clip', x)
  checkValue('clip', low, 'float32')
  checkValue('clip', high, 'float32')
  if (!(low <= high)) throw expected('clip', 'low <= high', `${low} and ${high}`)
  return made(() => {
    const y = promote('clip', 'int32', x)
    if (y.dtype === 'float32') return tf.clipByValue(y, low, high)
    const [least, most] = [Math.max(low, MIN_INT), Math.min(high, MAX_INT)]
    checkValue('clip', least, 'int32')
    checkValue('clip', most, 'int32')
    return tf.minimum(tf.maximum(y, tf.scalar(least, 'int32')), tf.scalar(most, 'int32'))
  })
}

/**
 * The same values as another element type: anything but 0 is true; floats become integers by truncation towards 0, those
 * beyond 32 bits the nearest that a float can be, NaN 0. The gradient of a cast to int32 or bool is 0.
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
  return tf.where(tf.isNaN(x), 0, tf.clipByValue(x, MIN_INT, MAX_INT - 127))
}

type Op = (x: tf.Tensor) => tf.Tensor

/** An op, and what it is of integers: kernels would make floats of them, which hold 24 bits. */
function exactly(op: Op, ofIntegers: Op = tf.clone): Op {
  return (x) => (x.dtype === 'float32' ? op(x) : ofIntegers(x))
}

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
