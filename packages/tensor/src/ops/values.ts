import { expected, expectedType } from '../expected'
import type { NumericDType, TypedArray } from '../types'

/** Numbers, nested as the shape is. */
export type NestedNumbers = number | readonly NestedNumbers[]

/** Numbers in row-major order. */
type Numbers = Exclude<ArrayLike<number> & Iterable<number>, string>

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const

/** Deeper nesting is an array inside itself, or no tensor. */
const MAX_RANK = 32

/** Throws unless tensors of `dtype` can be made. */
export function checkDType(where: string, dtype: NumericDType): void {
  if (typeof dtype === 'string' && Object.hasOwn(arrays, dtype)) return
  throw expected(where, `dtype ${Object.keys(arrays).join(', ')}`, dtype)
}

/** Throws unless `value` is a number that `dtype` holds: any for float32, whole and of 32 bits for int32, 0 or 1 for bool. */
export function checkValue(where: string, value: number, dtype: NumericDType): void {
  if (typeof value !== 'number') throw expectedType(where, 'a number', kindOf(value))
  if (!holds[dtype](value)) throw expected(where, `${ranges[dtype]} for dtype ${dtype}`, value)
}

const holds: Readonly<Record<NumericDType, (value: number) => boolean>> = {
  float32: () => true,
  int32: (value) => (value | 0) === value,
  bool: (value) => value === 0 || value === 1,
}

const ranges = { float32: 'numbers', int32: 'integers of 32 bits', bool: '0 or 1' } as const

/** A new array of `values` as tensors of `dtype` keep them. @throws RangeError when one does not fit. */
export function typedArray(where: string, values: Numbers, dtype: NumericDType): TypedArray {
  if (dtype !== 'float32') for (const value of values) checkValue(where, value, dtype)
  return new arrays[dtype](values)
}

/** Whether `values` is an array of machine numbers (not of BigInts, not a view of bytes). */
export function isTypedArray(values: unknown): values is TypedArray {
  return ArrayBuffer.isView(values) && typeof (values as TypedArray)[0] !== 'bigint' && 'length' in values
}

/** The element type of a typed array's values. */
export function dtypeOf(values: Numbers): NumericDType {
  const whole = isTypedArray(values) && !(values instanceof Float32Array || values instanceof Float64Array)
  return whole ? 'int32' : 'float32'
}

/** Nested numbers in row-major order, with their shape. */
export function flatten(where: string, values: NestedNumbers): { values: number[]; shape: number[] } {
  const shape = nesting(where, values)
  const flat: number[] = []
  const walk = (node: NestedNumbers, depth: number): void => {
    const leaf = typeof node === 'number'
    if (!leaf) checkRow(where, node)
    if (leaf !== (depth === shape.length)) {
      throw expected(where, 'rows of one nesting depth', leaf ? 'a bare number' : 'an array beside numbers')
    }
    if (leaf) flat.push(node)
    else if (node.length !== shape[depth]) {
      throw expected(where, `${shape[depth]} entries in every row at depth ${depth}`, node.length)
    } else for (const child of node) walk(child, depth + 1)
  }
  walk(values, 0)
  return { values: flat, shape }
}

/** The lengths of the first row at each depth. */
function nesting(where: string, values: NestedNumbers): number[] {
  const shape: number[] = []
  for (let level = values; typeof level !== 'number'; level = level[0] ?? 0) {
    checkRow(where, level)
    if (shape.length === MAX_RANK) throw expected(where, `arrays nested at most ${MAX_RANK} deep`, 'more')
    shape.push(level.length)
  }
  return shape
}

function checkRow(where: string, row: unknown): asserts row is readonly NestedNumbers[] {
  if (!Array.isArray(row) && !isTypedArray(row)) throw expectedType(where, 'numbers in arrays', kindOf(row))
}

function kindOf(value: unknown): unknown {
  return typeof value === 'object' || value === undefined ? value : `a ${typeof value}`
}
