import type * as tf from '@tensorflow/tfjs'

/** What kernels take and give: a shape, a dtype and a handle of the memory. */
export type Info = tf.TensorInfo
