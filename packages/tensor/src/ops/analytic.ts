import * as tf from '@tensorflow/tfjs'
import { unary } from './per-element'

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
