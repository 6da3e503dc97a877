import * as tf from '@tensorflow/tfjs'
import type { Tensor } from './types'

/** The tfjs tensor behind a {@link Tensor}: every tensor that an op accepts is one. */
export function raw<T extends tf.Tensor = tf.Tensor>(x: Tensor): T {
  return x as unknown as T
}

/** The {@link Tensor} that tfjs ops make together; what they make on the way is freed. */
export function made(ops: () => tf.Tensor): Tensor {
  return wrap(tf.tidy(ops))
}

/** The {@link Tensor} a tfjs op made. */
export function wrap(x: tf.Tensor): Tensor {
  return x as unknown as Tensor
}
