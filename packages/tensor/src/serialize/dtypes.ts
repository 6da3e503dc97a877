import { expected, expectedType } from '../check'
import type { NumericDType, TypedArray } from '../types'
import { quote } from './header'

/** How one element type of a file becomes one of ours. */
export interface Format {
  /** Bytes of an element. */
  readonly bytes: number
  readonly dtype: NumericDType
  /** The values in `buffer`, which is a whole number of elements long and may be kept. */
  read(buffer: ArrayBuffer, name: string): TypedArray
}

/** Every element type that can be read. Typed arrays are little-endian, as the format is, wherever JavaScript runs. */
export const FORMATS: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['F32', { bytes: 4, dtype: 'float32', read: (buffer) => new Float32Array(buffer) }],
  ['F64', { bytes: 8, dtype: 'float32', read: (buffer) => Float32Array.from(new Float64Array(buffer)) }],
  ['F16', { bytes: 2, dtype: 'float32', read: (buffer) => widenHalf(new Uint16Array(buffer)) }],
  ['BF16', { bytes: 2, dtype: 'float32', read: (buffer) => widenBrain(new Uint16Array(buffer)) }],
  [
    'BOOL',
    { bytes: 1, dtype: 'bool', read: (buffer) => new Uint8Array(buffer).map((byte) => (byte ? 1 : 0)) },
  ],
  ['U8', { bytes: 1, dtype: 'int32', read: (buffer) => Int32Array.from(new Uint8Array(buffer)) }],
  ['I8', { bytes: 1, dtype: 'int32', read: (buffer) => Int32Array.from(new Int8Array(buffer)) }],
  ['U16', { bytes: 2, dtype: 'int32', read: (buffer) => Int32Array.from(new Uint16Array(buffer)) }],
  ['I16', { bytes: 2, dtype: 'int32', read: (buffer) => Int32Array.from(new Int16Array(buffer)) }],
  ['I32', { bytes: 4, dtype: 'int32', read: (buffer) => new Int32Array(buffer) }],
  ['U32', { bytes: 4, dtype: 'int32', read: (buffer, name) => narrow(new Uint32Array(buffer), name) }],
  ['I64', { bytes: 8, dtype: 'int32', read: (buffer, name) => narrow(new BigInt64Array(buffer), name) }],
  ['U64', { bytes: 8, dtype: 'int32', read: (buffer, name) => narrow(new BigUint64Array(buffer), name) }],
])

function narrow(values: Uint32Array | BigInt64Array | BigUint64Array, name: string): Int32Array {
  const narrowed = new Int32Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    narrowed[i] = Number(value)
    if (narrowed[i] !== Number(value)) {
      throw expected('deserialize', `integers of 32 bits in ${quote(name)}`, value)
    }
  }
  return narrowed
}

function widenBrain(words: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(words, (word) => word << 16).buffer)
}

/**
 * Floats of 16 bits (IEEE 754's binary16) as the same numbers in 32.
 *
 * @param words Bits of float16 numbers.
 * @example
 * widenHalf(Uint16Array.of(0x3c00, 0xc000)) // → [1, -2]
 */
export function widenHalf(words: Uint16Array): Float32Array {
  if (!(words instanceof Uint16Array)) throw expectedType('widenHalf', 'a Uint16Array', words)
  return Float32Array.from(words, (word) => {
    const sign = word & 0x8000 ? -1 : 1
    const exponent = (word >>> 10) & 0x1f
    const fraction = (word & 0x3ff) / 1024
    if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction)
  })
}
