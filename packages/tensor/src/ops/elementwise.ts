import * as tf from '@tensorflow/tfjs'
import { checkTensor, expected } from '../check'
import { made } from '../tf'
import type { NumericDType, Tensor } from '../types'
import { promote } from './dtypes'
import { binary, unary } from './per-element'
import { checkDType, checkValue } from './values'

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
export const neg = /* @__PURE__ */ unary('neg', exactly(tf.neg, negative), 'int32')

/**
 * Elementwise: |x|; its gradient is 0 at 0.
 *
 * @example
 * abs(tensor([-1.5, 2])) // → [1.5, 2]
 */
export const abs = /* @__PURE__ */ unary(
  'abs',
  exactly(tf.abs, (x) => tf.maximum(x, negative(x))),
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
  exactly(tf.square, (x) => tf.mul(x, x)),
  'int32',
)

/**
 * Elementwise: √x.
 *
 * @example
 * sqrt(tensor([4, 9])) // → [2, 3]
 */
export const sqrt = /* @__PURE__ */ unary('sqrt', tf.sqrt)

/**
 * Elementwise: 1 / √x.
 *
 * @example
 * rsqrt(tensor([4, 16])) // → [0.5, 0.25]
 */
export const rsqrt = /* @__PURE__ */ unary('rsqrt', tf.rsqrt)

/**
 * Elementwise: 1 / x.
 *
 * @example
 * reciprocal(tensor([2, 4])) // → [0.5, 0.25]
 */
export const reciprocal = /* @__PURE__ */ unary('reciprocal', tf.reciprocal)

/**
 * Elementwise: eˣ.
 *
 * @example
 * exp(tensor([0, 1])) // → [1, 2.7183]
 */
export const exp = /* @__PURE__ */ unary('exp', tf.exp)

/**
 * Elementwise: eˣ − 1, exact near 0.
 *
 * @example
 * expm1(tensor([0, 1e-6])) // → [0, 0.000001]
 */
export const expm1 = /* @__PURE__ */ unary('expm1', tf.expm1)

/**
 * Elementwise: ln x.
 *
 * @example
 * log(tensor([1, Math.E])) // → [0, 1]
 */
export const log = /* @__PURE__ */ unary('log', tf.log)

/**
 * Elementwise: ln(1 + x), exact near 0.
 *
 * @example
 * log1p(tensor([0, 1e-6])) // → [0, 0.000001]
 */
export const log1p = /* @__PURE__ */ unary('log1p', tf.log1p)

/**
 * Elementwise: sin x, x in radians.
 *
 * @example
 * sin(tensor([0, Math.PI / 2])) // → [0, 1]
 */
export const sin = /* @__PURE__ */ unary('sin', tf.sin)

/**
 * Elementwise: cos x, x in radians.
 *
 * @example
 * cos(tensor([0, Math.PI])) // → [1, -1]
 */
export const cos = /* @__PURE__ */ unary('cos', tf.cos)

/**
 * Elementwise: tan x, x in radians.
 *
 * @example
 * tan(tensor([0, Math.PI / 4])) // → [0, 1]
 */
export const tan = /* @__PURE__ */ unary('tan', tf.tan)

/**
 * Elementwise: arcsin x.
 *
 * @example
 * asin(tensor([0, 1])) // → [0, 1.5708]
 */
export const asin = /* @__PURE__ */ unary('asin', tf.asin)

/**
 * Elementwise: arccos x.
 *
 * @example
 * acos(tensor([1, 0, -1])) // → [0, 1.5708, 3.1416]
 */
export const acos = /* @__PURE__ */ unary('acos', tf.acos)

/**
 * Elementwise: arctan x.
 *
 * @example
 * atan(tensor([0, 1])) // → [0, 0.7854]
 */
export const atan = /* @__PURE__ */ unary('atan', tf.atan)

/**
 * Elementwise: sinh x.
 *
 * @example
 * sinh(tensor([0, 1])) // → [0, 1.1752]
 */
export const sinh = /* @__PURE__ */ unary('sinh', tf.sinh)

/**
 * Elementwise: cosh x.
 *
 * @example
 * cosh(tensor([0, 1])) // → [1, 1.5431]
 */
export const cosh = /* @__PURE__ */ unary('cosh', tf.cosh)

/**
 * Elementwise: arsinh x.
 *
 * @example
 * asinh(tensor([0, Math.sinh(2)])) // → [0, 2]
 */
export const asinh = /* @__PURE__ */ unary('asinh', tf.asinh)

/**
 * Elementwise: arcosh x.
 *
 * @example
 * acosh(tensor([1, Math.cosh(2)])) // → [0, 2]
 */
export const acosh = /* @__PURE__ */ unary('acosh', tf.acosh)

/**
 * Elementwise: artanh x.
 *
 * @example
 * atanh(tensor([0, Math.tanh(2)])) // → [0, 2]
 */
export const atanh = /* @__PURE__ */ unary('atanh', tf.atanh)

/**
 * Elementwise: the error function (2/√π)∫₀ˣ e^{−u²} du.
 *
 * @example
 * erf(tensor([0, 1])) // → [0, 0.8427]
 */
export const erf = /* @__PURE__ */ unary('erf', tf.erf)

/**
 * Elementwise: the largest integer <= x; its gradient is 0.
 *
 * @example
 * floor(tensor([1.8, -1.2])) // → [1, -2]
 */
export const floor = /* @__PURE__ */ unary('floor', exactly(tf.floor), 'int32')

/**
 * Elementwise: the smallest integer >= x; its gradient is 0.
 *
 * @example
 * ceil(tensor([1.2, -1.2])) // → [2, -1]
 */
export const ceil = /* @__PURE__ */ unary('ceil', exactly(tf.ceil), 'int32')

/**
 * Elementwise: the nearest integer, ties to even; its gradient is 0.
 *
 * @example
 * round(tensor([0.5, 1.5, 2.4])) // → [0, 2, 2]
 */
export const round = /* @__PURE__ */ unary('round', exactly(tf.round), 'int32')

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
