import * as tf from '@tensorflow/tfjs'
import { checkFinite, checkIntegers, checkTensor, expected, formatShape } from '../check'
import { checkSizes } from '../check/sizes'
import { raw, wrap } from '../tf'
import type { NumericDType, Shape, Tensor, TypedArray } from '../types'
import {
  checkDType,
  checkValue,
  dtypeOf,
  flatten,
  isTypedArray,
  type NestedNumbers,
  typedArray,
} from './values'

export type { NestedNumbers }

/**
 * A tensor of the given values, which are copied.
 *
 * @param values A typed array (row-major, with `shape`), or nested arrays whose nesting gives the shape.
 * @param shape Sizes of the axes. @default the nesting of `values`
 * @param dtype @default `'float32'`, or what the typed array holds: int32 for arrays of integers
 * @throws RangeError when the number of values is not the product of `shape`, nested rows differ in length, or a value
 * does not fit: int32 takes integers of 32 bits, bool 0 and 1. TypeError when something is no number: strings, BigInts,
 * holes.
 * @example
 * tensor([[1, 2, 3]]).shape // → [1, 3]
 * tensor(Int32Array.of(7, 8)).dtype // → 'int32'
 * tensor([0, 1, 1, 0], [2, 2], 'bool') // → [[false, true], [true, false]]
 */
export function tensor(values: NestedNumbers | TypedArray, shape?: Shape, dtype?: NumericDType): Tensor {
  const flat = isTypedArray(values) ? { values, shape: [values.length] } : flatten('tensor', values)
  const wanted = shape ?? flat.shape
  const kind = dtype ?? dtypeOf(flat.values)
  checkSizes('tensor', wanted)
  checkDType('tensor', kind)
  const size = wanted.reduce((a, b) => a * b, 1)
  if (flat.values.length !== size) {
    throw expected('tensor', `${size} values for shape ${formatShape(wanted)}`, flat.values.length)
  }
  return wrap(tf.tensor(typedArray('tensor', flat.values, kind), [...wanted], kind))
}

/**
 * A tensor of shape `[]`. @throws RangeError when `dtype` cannot hold the value.
 *
 * @example
 * mul(scalar(2), tensor([1, 2])) // → [2, 4]
 */
export function scalar(value: number, dtype: NumericDType = 'float32'): Tensor {
  checkDType('scalar', dtype)
  checkValue('scalar', value, dtype)
  return wrap(tf.scalar(value, dtype))
}

/**
 * A tensor of zeros.
 *
 * @example
 * zeros([2, 2]) // → [[0, 0], [0, 0]]
 */
export function zeros(shape: Shape, dtype: NumericDType = 'float32'): Tensor {
  checkSizes('zeros', shape)
  checkDType('zeros', dtype)
  return wrap(tf.zeros([...shape], dtype))
}

/**
 * A tensor of ones.
 *
 * @example
 * ones([2, 2]) // → [[1, 1], [1, 1]]
 */
export function ones(shape: Shape, dtype: NumericDType = 'float32'): Tensor {
  checkSizes('ones', shape)
  checkDType('ones', dtype)
  return wrap(tf.ones([...shape], dtype))
}

/**
 * A tensor that holds `value` everywhere. @throws RangeError when `dtype` cannot hold it.
 *
 * @example
 * full([2, 2], 7) // → [[7, 7], [7, 7]]
 */
export function full(shape: Shape, value: number, dtype: NumericDType = 'float32'): Tensor {
  checkSizes('full', shape)
  checkDType('full', dtype)
  checkValue('full', value, dtype)
  return wrap(tf.fill([...shape], value, dtype))
}

/**
 * Zeros of the shape and dtype of `x`.
 *
 * @example
 * zerosLike(tensor([3, 4])) // → [0, 0]
 */
export function zerosLike(x: Tensor): Tensor {
  checkTensor('zerosLike', x)
  return wrap(tf.zerosLike(raw(x)))
}

/**
 * Ones of the shape and dtype of `x`.
 *
 * @example
 * onesLike(tensor([3, 4])) // → [1, 1]
 */
export function onesLike(x: Tensor): Tensor {
  checkTensor('onesLike', x)
  return wrap(tf.onesLike(raw(x)))
}

/**
 * The n × n identity matrix.
 *
 * @param n Rows and columns.
 * @example
 * eye(2) // → [[1, 0], [0, 1]]
 */
export function eye(n: number): Tensor {
  checkIntegers('eye', { n }, 0)
  checkSizes('eye', [n, n])
  return wrap(tf.eye(n))
}

/**
 * `count` evenly spaced numbers from `start` to `stop`, both included: `[count]`. Worked out in float64 and rounded once,
 * so that the last is `stop` exactly; one number is `start`. As everywhere, what is beyond float32's 3.4·10³⁸ is infinite: of −10³⁰⁸ to 10³⁰⁸
 * only a middle of 0 is not.
 *
 * @param start The first number.
 * @param stop The last.
 * @throws RangeError when an end is not finite, or `count` is no integer >= 1.
 * @example
 * linspace(0, 1, 5) // → [0, 0.25, 0.5, 0.75, 1]
 */
export function linspace(start: number, stop: number, count: number): Tensor {
  checkFinite('linspace', { start, stop })
  checkIntegers('linspace', { count })
  const last = Math.max(count - 1, 1)
  // A span that float64 does not hold is walked in a smaller unit.
  const unit = Number.isFinite((stop - start) * last) ? 1 : 2 ** -40
  const [from, to] = [start * unit, stop * unit]
  return listed('linspace', count, (i) => (i === last ? stop : (from + ((to - from) * i) / last) / unit))
}

/**
 * The numbers `start, start + step, start + 2 step, …` before `stop` (above it, for a negative step): none where `start`
 * is not before `stop`. Each is worked out in float64 from its index.
 *
 * @param start The first number.
 * @param stop The first that is left out.
 * @param step Between numbers; negative where they fall.
 * @param dtype Of the result.
 * @throws RangeError when an end or the step is not finite, the step is 0, or a number does not fit `dtype`.
 * @example
 * range(0, 10, 3) // → [0, 3, 6, 9]
 */
export function range(start: number, stop: number, step = 1, dtype: 'float32' | 'int32' = 'float32'): Tensor {
  checkFinite('range', { start, stop, step })
  if (step === 0) throw expected('range', 'a finite step other than 0', step)
  checkDType('range', dtype)
  const span = stop - start
  const length = Number.isFinite(span) ? span / step : stop / step - start / step
  const count = Math.max(Math.ceil(length), 0)
  checkSizes('range', [count])
  const at = (i: number): number => start + i * step
  const before = (i: number): boolean => (stop - at(i)) * step > 0
  // The quotient is rounded: for 1, 1.3 and .1 it is 3.0000000000000004.
  if (before(count)) return listed('range', count + 1, at, dtype)
  return listed('range', count > 0 && !before(count - 1) ? count - 1 : count, at, dtype)
}

/**
 * A copy that shares `x`'s memory; disposing either leaves the other.
 *
 * @example
 * clone(tensor([1, 2])) // → [1, 2]
 */
export function clone(x: Tensor): Tensor {
  checkTensor('clone', x)
  return wrap(tf.clone(raw(x)))
}

function listed(
  where: string,
  count: number,
  at: (i: number) => number,
  dtype: NumericDType = 'float32',
): Tensor {
  const values = Float64Array.from({ length: count }, (_, i) => at(i))
  return wrap(tf.tensor(typedArray(where, values, dtype), [count], dtype))
}
