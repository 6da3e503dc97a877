import { expected, widenHalf } from '@sgm/tensor'
import type { Tensor as OrtTensor } from 'onnxruntime-common'
import { narrowHalf } from './half'
import type { OnnxValue } from './signature'

/** Values of an element type of ONNX, from numbers of ours and to them. */
interface Elements {
  readonly from: (values: ArrayLike<number>) => OrtTensor.DataType
  readonly to: (data: OrtTensor.DataType) => Float32Array
}

const floats = (data: OrtTensor.DataType): Float32Array => Float32Array.from(data as Float64Array)
const fromWide = (data: OrtTensor.DataType): Float32Array =>
  Float32Array.from(data as BigInt64Array, (value) => Number(value))
const whole = (value: number): bigint => BigInt(Math.round(value))

const table: Readonly<Record<string, Elements>> = {
  float32: { from: (values) => Float32Array.from(values), to: (data) => data as Float32Array },
  float64: { from: (values) => Float64Array.from(values), to: floats },
  // where the platform has a Float16Array, the runtime gives one
  float16: {
    from: narrowHalf,
    to: (data) => (data instanceof Uint16Array ? widenHalf(data) : floats(data)),
  },
  int64: { from: (values) => BigInt64Array.from(Array.from(values, whole)), to: fromWide },
  int32: { from: (values) => Int32Array.from(values, Math.round), to: floats },
  bool: { from: (values) => Uint8Array.from(values, (value) => (value ? 1 : 0)), to: floats },
}

/** @throws RangeError when values of the type cannot be handed to ONNX Runtime from here. */
export function elementsOf(where: string, { type, name }: Pick<OnnxValue, 'type' | 'name'>): Elements {
  const found = table[type]
  if (!found) throw expected(where, `${Object.keys(table).join(', ')} in ${name}`, type)
  return found
}
