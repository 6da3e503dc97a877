import type * as tf from '@tensorflow/tfjs'

/** What kernels take and give: a shape, a dtype and a handle of the memory. */
export type Info = tf.TensorInfo

/** What kernels use of tfjs's CPU backend. */
export interface CpuBackend extends tf.KernelBackend {
  readonly data: { get(dataId: object): { readonly values: tf.TypedArray } }
  makeTensorInfo(shape: readonly number[], dtype: tf.DataType, values: tf.TypedArray): Info
}

/** The numbers of a tensor. */
export function valuesOf(backend: CpuBackend, x: Info): tf.TypedArray {
  return backend.data.get(x.dataId).values
}

/** A float tensor, whose numbers `fill` writes. */
export function floatsOf(
  backend: CpuBackend,
  shape: readonly number[],
  fill: (to: Float32Array) => void,
): Info {
  const values = new Float32Array(shape.reduce((size, n) => size * n, 1))
  fill(values)
  return backend.makeTensorInfo(shape, 'float32', values)
}
