import * as tf from '@tensorflow/tfjs'
import type { Info } from '../info'

/** What kernels use of tfjs's CPU backend. */
export interface CpuBackend extends tf.KernelBackend {
  readonly data: { get(dataId: object): { readonly values: tf.TypedArray } }
  makeTensorInfo(shape: readonly number[], dtype: tf.DataType, values: tf.TypedArray): Info
}

/** The numbers of a tensor. */
export function valuesOf(backend: CpuBackend, x: Info): tf.TypedArray {
  return backend.data.get(x.dataId).values
}

/** Makes a tensor whose numbers `fill` writes. */
const maker =
  <A extends Float32Array | Int32Array>(dtype: 'float32' | 'int32', array: new (length: number) => A) =>
  (backend: CpuBackend, shape: readonly number[], fill: (to: A) => void): Info => {
    const values = new array(tf.util.sizeFromShape([...shape]))
    fill(values)
    return backend.makeTensorInfo(shape, dtype, values)
  }

export const floatsOf = maker('float32', Float32Array)

export const integersOf = maker('int32', Int32Array)
