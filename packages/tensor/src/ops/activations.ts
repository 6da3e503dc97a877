import * as tf from '@tensorflow/tfjs'
import { checkTensor } from '../check'
import { made } from '../tf'
import type { Tensor } from '../types'
import { promote } from './dtypes'
import { unary } from './per-element'
import { checkValue } from './values'

/**
 * max(x, 0).
 *
 * @example
 * relu(tensor([-1, 2])) // → [0, 2]
 */
export const relu = /* @__PURE__ */ unary('relu', tf.relu)

/**
 * x where x > 0, eˣ − 1 elsewhere (Clevert et al. 2015).
 *
 * @example
 * elu(tensor([-1, 2])) // → [-0.6321, 2]
 */
export const elu = /* @__PURE__ */ unary('elu', tf.elu)

/**
 * 1.0507 · elu with scale 1.6733 on the negative side (Klambauer et al. 2017).
 *
 * @example
 * selu(tensor([-1, 1])) // → [-1.1113, 1.0507]
 */
export const selu = /* @__PURE__ */ unary('selu', tf.selu)

/**
 * 1 / (1 + e⁻ˣ).
 *
 * @example
 * sigmoid(tensor([0, 1])) // → [0.5, 0.7311]
 */
export const sigmoid = /* @__PURE__ */ unary('sigmoid', tf.sigmoid)

/**
 * ln σ(x), without overflow.
 *
 * @example
 * logSigmoid(tensor([0, -100])) // → [-0.6931, -100]
 */
export const logSigmoid = /* @__PURE__ */ unary('logSigmoid', (x) => tf.neg(tf.softplus(tf.neg(x))))

/**
 * tanh x.
 *
 * @example
 * tanh(tensor([0, 1])) // → [0, 0.7616]
 */
export const tanh = /* @__PURE__ */ unary('tanh', tf.tanh)

/**
 * ln(1 + eˣ).
 *
 * @example
 * softplus(tensor([0, 100])) // → [0.6931, 100]
 */
export const softplus = /* @__PURE__ */ unary('softplus', tf.softplus)

/**
 * Its gradient in closed form, σ (1 + x − y): fewer passes over large tensors than the product's and the sigmoid's, and x is wanted no more after
 * the first, which may write where it lies.
 */
const swish = /* @__PURE__ */ tf.customGrad((input, save) => {
  const x = input as tf.Tensor
  const keep = save as (saved: tf.Tensor[]) => void
  keep([x])
  const gradFunc = (dy: tf.Tensor, [x]: tf.Tensor[]): tf.Tensor => {
    const gate = tf.sigmoid(x!)
    return tf.mul(dy, tf.mul(gate, tf.add(tf.sub(x!, tf.mul(x!, gate)), 1)))
  }
  return { value: tf.mul(x, tf.sigmoid(x)), gradFunc }
})

/**
 * x σ(x), also called swish (Ramachandran et al. 2017).
 *
 * @example
 * silu(tensor([0, 1])) // → [0, 0.7311]
 */
export const silu = /* @__PURE__ */ unary('silu', swish)

/**
 * x Φ(x) with the exact normal distribution function (Hendrycks and Gimpel 2016), as ½x(1 + erf(x/√2)).
 *
 * The error is 1e-7 |x| at most, which is much of the value where that is smaller still: 4 % of −1.4e-6 at −5.
 *
 * @example
 * gelu(tensor([-1, 0, 1])) // → [-0.1587, 0, 0.8413]
 */
export const gelu = /* @__PURE__ */ unary('gelu', (x) =>
  tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
)

/**
 * x where x > 0, slope · x elsewhere.
 *
 * @param slope Below 0.
 * @example
 * leakyRelu(tensor([-1, 2]), 0.1) // → [-0.1, 2]
 */
export function leakyRelu(x: Tensor, slope = 0.2): Tensor {
  checkTensor('leakyRelu', x)
  checkValue('leakyRelu', slope, 'float32')
  return made(() => tf.leakyRelu(promote('leakyRelu', 'float32', x), slope))
}
