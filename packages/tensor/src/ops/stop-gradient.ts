import * as tf from '@tensorflow/tfjs'
import { checkTensor } from '../check'
import { raw, wrap } from '../tf'
import type { Tensor } from '../types'

const identityWithoutGradient = /* @__PURE__ */ tf.customGrad((x) => ({
  value: tf.clone(x as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
}))

/**
 * x, taken for a constant by every gradient.
 *
 * @example
 * grad((x) => sum(mul(x, stopGradient(x))))(tensor([3])) // → [3]
 */
export function stopGradient(x: Tensor): Tensor {
  checkTensor('stopGradient', x)
  return wrap(identityWithoutGradient(raw(x)))
}
