import type { TypedArray } from '../types'
import type { GraphDType } from './graph'

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const

/** Values in the array of their element type: casts on tfjs's cpu backend leave integers in the arrays they came in. */
export function valuesAs(dtype: string, data: TypedArray): TypedArray {
  const Wanted = arrays[dtype as GraphDType]
  return data instanceof Wanted ? data : Wanted.from(data)
}
