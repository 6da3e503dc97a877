import * as tf from '@tensorflow/tfjs'
import { expectedType } from '../check'
import { raw } from '../tf'
import type { NumericDType, Tensor, TensorOrNumber } from '../types'

/** The element types that ops take, the narrower first: each holds what those before it hold. */
const widening: readonly string[] = ['bool', 'int32', 'float32'] satisfies readonly NumericDType[]

/**
 * Two operands in the widest of their element types and `least`; a number counts as float32.
 *
 * Kernels are given one element type only: what they do with two, or with integers where they expect floats, differs from
 * engine to engine.
 *
 * @throws TypeError when an operand holds complex numbers or strings.
 */
export function promotePair(
  where: string,
  least: NumericDType,
  a: TensorOrNumber,
  b: TensorOrNumber,
): [tf.Tensor | number, tf.Tensor | number] {
  const dtype = widest(where, [least, dtypeOf(a), dtypeOf(b)])
  const as = (x: TensorOrNumber) => (typeof x === 'number' ? x : inDType(x, dtype))
  return [as(a), as(b)]
}

/** Like {@link promotePair}, for tensors. */
export function promoteAll(where: string, least: NumericDType, xs: readonly Tensor[]): tf.Tensor[] {
  const dtype = widest(where, [least, ...xs.map(dtypeOf)])
  return xs.map((x) => inDType(x, dtype))
}

/** `x` in the wider of its element type and `least`. */
export function promote(where: string, least: NumericDType, x: Tensor): tf.Tensor {
  return inDType(x, widest(where, [least, x.dtype]))
}

function dtypeOf(x: TensorOrNumber): string {
  return typeof x === 'number' ? 'float32' : x.dtype
}

function widest(where: string, dtypes: readonly string[]): NumericDType {
  const ranks = dtypes.map((dtype) => widening.indexOf(dtype))
  const alien = ranks.indexOf(-1)
  if (alien >= 0) throw expectedType(where, 'float32, int32 or bool', `dtype ${dtypes[alien]}`)
  return widening[Math.max(...ranks)] as NumericDType
}

function inDType(x: Tensor, dtype: NumericDType): tf.Tensor {
  return x.dtype === dtype ? raw(x) : tf.cast(raw(x), dtype)
}
