import * as tf from '@tensorflow/tfjs'

/** How tfjs's pooling kernels are called. */
export interface Pool {
  readonly filterSize: [number, number] | number
  readonly strides: [number, number] | number
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** Where the windows of a pooling lie in images. */
export function windowsOf({ shape }: Pick<tf.TensorInfo, 'shape'>, pool: Pool): tf.backend_util.Conv2DInfo {
  const { filterSize, strides, pad, dimRoundingMode } = pool
  const images = shape as [number, number, number, number]
  return tf.backend_util.computePool2DInfo(images, filterSize, strides, 1, pad, dimRoundingMode)
}
