import * as tf from '@tensorflow/tfjs'
import { expected, formatShape } from '../check'
import { raw, wrap } from '../tf'
import type { DType, Shape, Tensor, TypedArray } from '../types'

/** Numbers, nested as the shape is. */
export type NestedNumbers = number | readonly NestedNumbers[]

/** The element types that {@link tensor} and its kin can make. */
export type NumericDType = Extract<DType, 'float32' | 'int32' | 'bool'>

/**
 * A tensor of the given values.
 *
 * @param values A typed array (row-major, with `shape`), or nested arrays whose nesting gives the shape.
 * @param shape Sizes of the axes. @default the nesting of `values`
 * @param dtype @default `'float32'`, or what the typed array holds
 * @throws RangeError when the number of values is not the product of `shape`, or nested rows differ in length.
 */
export function tensor(values: NestedNumbers | TypedArray, shape?: Shape, dtype?: NumericDType): Tensor {
  const flat = flatten(values)
  const wanted = shape ?? flat.shape
  checkSizes('tensor', wanted)
  const size = wanted.reduce((a, b) => a * b, 1)
  if (flat.values.length !== size) {
    throw expected('tensor', `${size} values for shape ${formatShape(wanted)}`, flat.values.length)
  }
  return wrap(tf.tensor(flat.values, [...wanted], dtype ?? dtypeOf(flat.values)))
}

/** A tensor of shape `[]`. */
export function scalar(value: number, dtype: NumericDType = 'float32'): Tensor {
  return wrap(tf.scalar(value, dtype))
}

/** A tensor of zeros. */
export function zeros(shape: Shape, dtype: NumericDType = 'float32'): Tensor {
  checkSizes('zeros', shape)
  return wrap(tf.zeros([...shape], dtype))
}

/** A tensor of ones. */
export function ones(shape: Shape, dtype: NumericDType = 'float32'): Tensor {
  checkSizes('ones', shape)
  return wrap(tf.ones([...shape], dtype))
}

/** A tensor that holds `value` everywhere. */
export function full(shape: Shape, value: number, dtype: NumericDType = 'float32'): Tensor {
  checkSizes('full', shape)
  return wrap(tf.fill([...shape], value, dtype))
}

/** Zeros of the shape and dtype of `x`. */
export function zerosLike(x: Tensor): Tensor {
  return wrap(tf.zerosLike(raw(x)))
}

/** Ones of the shape and dtype of `x`. */
export function onesLike(x: Tensor): Tensor {
  return wrap(tf.onesLike(raw(x)))
}

/** The n × n identity matrix. */
export function eye(n: number): Tensor {
  checkSizes('eye', [n])
  return wrap(tf.eye(n))
}

/** `count` evenly spaced numbers from `start` to `stop`, both included: `[count]`. */
export function linspace(start: number, stop: number, count: number): Tensor {
  if (!Number.isInteger(count) || count < 1) throw expected('linspace', 'count to be an integer >= 1', count)
  return wrap(tf.linspace(start, stop, count))
}

/** The numbers `start, start + step, …` before `stop`. */
export function range(start: number, stop: number, step = 1, dtype: 'float32' | 'int32' = 'float32'): Tensor {
  if (!(step !== 0 && Number.isFinite(step))) throw expected('range', 'a finite step other than 0', step)
  return wrap(tf.range(start, stop, step, dtype))
}

/** A copy that shares `x`'s memory; disposing either leaves the other. */
export function clone(x: Tensor): Tensor {
  return wrap(tf.clone(raw(x)))
}

function checkSizes(where: string, shape: Shape): void {
  if (!shape.every((size) => Number.isInteger(size) && size >= 0)) {
    throw expected(where, 'a shape of integers >= 0', formatShape(shape))
  }
}

function dtypeOf(values: TypedArray | number[]): NumericDType {
  if (values instanceof Int32Array) return 'int32'
  if (values instanceof Uint8Array) return 'int32'
  return 'float32'
}

function flatten(values: NestedNumbers | TypedArray): { values: TypedArray | number[]; shape: number[] } {
  if (ArrayBuffer.isView(values)) return { values, shape: [values.length] }
  const shape: number[] = []
  for (let level: NestedNumbers = values; typeof level !== 'number'; level = level[0] ?? 0) {
    shape.push(level.length)
  }
  const flat: number[] = []
  const walk = (node: NestedNumbers, depth: number): void => {
    if (typeof node === 'number') {
      if (depth !== shape.length) throw expected('tensor', 'rows of one nesting depth', 'a bare number')
      flat.push(node)
      return
    }
    if (node.length !== shape[depth]) {
      throw expected('tensor', `${shape[depth]} entries in every row at depth ${depth}`, node.length)
    }
    for (const child of node) walk(child, depth + 1)
  }
  walk(values, 0)
  return { values: flat, shape }
}
