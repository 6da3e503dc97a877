import type * as tf from '@tensorflow/tfjs'
import type { Tensor, TensorOrNumber } from './types'

/** The tfjs tensor behind a {@link Tensor}: every tensor that an op accepts is one. */
export function raw<T extends tf.Tensor = tf.Tensor>(x: Tensor): T {
  return x as unknown as T
}

/** Like {@link raw}; numbers pass through, as tfjs ops take them. */
export function rawOrNumber(x: TensorOrNumber): tf.Tensor | number {
  return typeof x === 'number' ? x : raw(x)
}

/** The {@link Tensor} a tfjs op made. */
export function wrap(x: tf.Tensor): Tensor {
  return x as unknown as Tensor
}
