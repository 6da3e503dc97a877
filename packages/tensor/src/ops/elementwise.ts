import * as tf from '@tensorflow/tfjs'
import { expected } from '../check'
import { raw, rawOrNumber, wrap } from '../tf'
import type { DType, Tensor, TensorOrNumber } from '../types'
import { checkBroadcast, checkTensor } from './broadcast'

/** A binary kernel, its operands checked to broadcast. */
export function binary(
  name: string,
  op: (a: tf.Tensor | number, b: tf.Tensor | number) => tf.Tensor,
): (a: TensorOrNumber, b: TensorOrNumber) => Tensor {
  return (a, b) => {
    checkBroadcast(name, a, b)
    return wrap(op(rawOrNumber(a), rawOrNumber(b)))
  }
}

function unary(name: string, op: (x: tf.Tensor) => tf.Tensor): (x: Tensor) => Tensor {
  return (x) => {
    checkTensor(name, x)
    return wrap(op(raw(x)))
  }
}

/** Elementwise with broadcasting: a + b. */
export const add = /* @__PURE__ */ binary('add', tf.add)

/** Elementwise with broadcasting: a − b. */
export const sub = /* @__PURE__ */ binary('sub', tf.sub)

/** Elementwise with broadcasting: a · b. */
export const mul = /* @__PURE__ */ binary('mul', tf.mul)

/** Elementwise with broadcasting: a / b; int32 operands are divided as floats. */
export const div = /* @__PURE__ */ binary('div', tf.div)

/** Elementwise with broadcasting: aᵇ. */
export const pow = /* @__PURE__ */ binary('pow', tf.pow)

/** Elementwise with broadcasting: the larger of a and b; at a tie, a has the gradient. */
export const maximum = /* @__PURE__ */ binary('maximum', tf.maximum)

/** Elementwise with broadcasting: the smaller of a and b; at a tie, a has the gradient. */
export const minimum = /* @__PURE__ */ binary('minimum', tf.minimum)

/** Elementwise with broadcasting: the remainder of a / b, with the sign of b. */
export const mod = /* @__PURE__ */ binary('mod', tf.mod)

/** Elementwise with broadcasting: the angle of the point (b, a), in radians. */
export const atan2 = /* @__PURE__ */ binary('atan2', tf.atan2)

/** Elementwise with broadcasting: (a − b)². */
export const squaredDifference = /* @__PURE__ */ binary('squaredDifference', tf.squaredDifference)

/** Elementwise: −x. */
export const neg = /* @__PURE__ */ unary('neg', tf.neg)

/** Elementwise: |x|; its gradient is 0 at 0. */
export const abs = /* @__PURE__ */ unary('abs', tf.abs)

/** Elementwise: −1, 0 or 1, as x is; its gradient is 0. */
export const sign = /* @__PURE__ */ unary('sign', tf.sign)

/** Elementwise: x². */
export const square = /* @__PURE__ */ unary('square', tf.square)

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
export const floor = /* @__PURE__ */ unary('floor', tf.floor)

/** Elementwise: the smallest integer >= x; its gradient is 0. */
export const ceil = /* @__PURE__ */ unary('ceil', tf.ceil)

/** Elementwise: the nearest integer, ties to even; its gradient is 0. */
export const round = /* @__PURE__ */ unary('round', tf.round)

/** Elementwise: 1 where x is NaN (bool). */
export const isNan = /* @__PURE__ */ unary('isNaN', tf.isNaN)

/** Elementwise: 1 where x is neither NaN nor infinite (bool). */
export const isFiniteNumber = /* @__PURE__ */ unary('isFinite', tf.isFinite)

/**
 * Elementwise: x limited to [low, high]. The gradient is 1 inside the interval (its ends included) and 0 outside.
 *
 * @throws RangeError when low > high.
 */
export function clip(x: Tensor, low: number, high: number): Tensor {
  checkTensor('clip', x)
  if (!(low <= high)) throw expected('clip', 'low <= high', `${low} and ${high}`)
  return wrap(tf.clipByValue(raw(x), low, high))
}

/**
 * The same values as another element type: float32 → int32 truncates towards 0, anything but 0 is true. The
 * gradient of a cast to int32 or bool is 0.
 */
export function cast(x: Tensor, dtype: Exclude<DType, 'string' | 'complex64'>): Tensor {
  checkTensor('cast', x)
  return wrap(dtype === 'bool' && x.dtype !== 'bool' ? tf.notEqual(raw(x), 0) : tf.cast(raw(x), dtype))
}
