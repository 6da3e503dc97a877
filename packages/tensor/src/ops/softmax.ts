import * as tf from '@tensorflow/tfjs'
import { checkTensor } from '../check'
import { made } from '../tf'
import type { Shape, Tensor } from '../types'
import { checkAxes, checkAxis } from './broadcast'
import { promote } from './dtypes'
import { orNeutral } from './nothing'
import type { Axes } from './reduce'

/** The largest float32. */
const MAX = 3.4028234663852886e38

/**
 * eˣ / Σ eˣ along `axis`. Values equal to an infinite largest share the weight, as those equal to a finite one do:
 * softmax [∞, 0] is [1, 0], of nothing but −∞ it is even.
 *
 * @example
 * softmax(tensor([0, Math.log(3)])) // → [0.25, 0.75]
 */
export function softmax(x: Tensor, axis = -1): Tensor {
  checkTensor('softmax', x)
  const at = checkAxis('softmax', axis, x.shape.length)
  return made(() => {
    const y = promote('softmax', 'float32', x)
    if (y.size === 0) return tf.clone(y)
    // tfjs has the kernel for the last axis only.
    return at === y.rank - 1 ? tf.softmax(finite(y)) : shares(y, [at])
  })
}

/**
 * x − ln Σ eˣ along `axis`: the logarithm of {@link softmax}, at infinities too.
 *
 * @example
 * logSoftmax(tensor([0, 0])) // → [-0.6931, -0.6931]
 */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  checkTensor('logSoftmax', x)
  const axes = [checkAxis('logSoftmax', axis, x.shape.length)]
  if (x.size === 0) return softmax(x, axis)
  return made(() =>
    withGradient(promote('logSoftmax', 'float32', x), (y) => {
      const exponents = belowLargest(y, axes)
      return {
        value: tf.sub(exponents, tf.log(tf.sum(tf.exp(exponents), axes, true))),
        saved: [y],
        gradient: (dy, [y]) => tf.sub(dy, tf.mul(shares(y!, axes), tf.sum(dy, axes, true))),
      }
    }),
  )
}

/**
 * ln Σ eˣ over `axes`, without overflow: −∞ of nothing and of nothing but −∞, ∞ where one is ∞. The gradient is
 * {@link softmax}.
 *
 * @param axes One or several, from the end where negative; all where none is given.
 * @param keepDims Whether the axes stay, of one element.
 * @example
 * logSumExp(tensor([1000, 1000])) // → 1000.693
 */
export function logSumExp(x: Tensor, axes?: Axes, keepDims = false): Tensor {
  checkTensor('logSumExp', x)
  const over = checkAxes('logSumExp', axes, x.shape.length)
  return made(() => {
    const input = orNeutral(promote('logSumExp', 'float32', x), over, Number.NEGATIVE_INFINITY)
    const kept = withGradient(input, (y) => {
      // An infinite largest value would leave ∞ − ∞.
      const shift = tf.clipByValue(tf.max(y, over, true), -MAX, MAX)
      return {
        value: tf.add(shift, tf.log(tf.sum(tf.exp(tf.sub(y, shift)), over, true))),
        saved: [y],
        gradient: (dy, [y]) => tf.mul(dy, shares(y!, over)),
      }
    })
    return keepDims ? kept : tf.reshape(kept, without(x.shape, over))
  })
}

/**
 * Infinities as the floats next to them, NaN as it is. The gradient passes as it is, as that of {@link shares} does: masks of where x is
 * finite would be worked out from all of it.
 */
function finite(x: tf.Tensor): tf.Tensor {
  return withGradient(x, (y) => ({
    value: tf.clipByValue(y, -MAX, MAX),
    saved: [],
    gradient: (dy) => dy,
  }))
}

/** {@link softmax} over several axes. */
function shares(x: tf.Tensor, axes: number[]): tf.Tensor {
  return withGradient(x, (y) => {
    const powers = tf.exp(belowLargest(y, axes))
    const value = tf.div(powers, tf.sum(powers, axes, true))
    return {
      value,
      saved: [value],
      gradient: (dy, [p]) => tf.mul(p!, tf.sub(dy, tf.sum(tf.mul(dy, p!), axes, true))),
    }
  })
}

/** x − max x, which is 0 also where both are one infinity. */
function belowLargest(x: tf.Tensor, axes: number[]): tf.Tensor {
  const largest = tf.max(x, axes, true)
  return tf.where(tf.equal(x, largest), 0, tf.sub(x, largest))
}

interface Differentiated {
  readonly value: tf.Tensor
  /** What the gradient is worked out from: inputs, or the value. */
  readonly saved: tf.Tensor[]
  readonly gradient: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor
}

function withGradient(x: tf.Tensor, f: (x: tf.Tensor) => Differentiated): tf.Tensor {
  return tf.customGrad((y, save) => {
    const { value, saved, gradient } = f(y as tf.Tensor)
    ;(save as (saved: tf.Tensor[]) => void)(saved)
    return { value, gradFunc: gradient }
  })(x)
}

function without(shape: Shape, axes: readonly number[]): number[] {
  return shape.filter((_, axis) => !axes.includes(axis))
}
