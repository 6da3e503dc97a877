import * as tf from '@tensorflow/tfjs'
import { expected, formatShape } from '../check'
import { raw, wrap } from '../tf'
import type { Shape, Tensor } from '../types'
import { broadcastShapes, checkTensor } from './broadcast'

/** How {@link matMul} reads its operands. */
export interface MatMulOptions {
  /** Use the transpose of the last two axes of `a`. @default false */
  readonly transposeA?: boolean
  /** Use the transpose of the last two axes of `b`. @default false */
  readonly transposeB?: boolean
}

/**
 * Matrix product over the last two axes: `[...S, m, k] · [...S, k, n]` → `[...S, m, n]`; leading axes broadcast.
 *
 * @throws RangeError when an operand has fewer than two axes or the inner sizes differ.
 */
export function matMul(
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false }: MatMulOptions = {},
): Tensor {
  checkTensor('matMul', a)
  checkTensor('matMul', b)
  const inner = a.shape.at(transposeA ? -2 : -1)
  if (a.shape.length < 2 || b.shape.length < 2 || inner !== b.shape.at(transposeB ? -1 : -2)) {
    throw expected(
      'matMul',
      'shapes [..., m, k] and [..., k, n]',
      `${formatShape(a.shape)}${transposeA ? 'ᵀ' : ''} and ${formatShape(b.shape)}${transposeB ? 'ᵀ' : ''}`,
    )
  }
  if (b.shape.length === 2 && a.shape.length > 2 && !transposeA) {
    const rows = tf.matMul(tf.reshape(raw(a), [-1, inner!]), raw(b), false, transposeB)
    return wrap(tf.reshape(rows, [...a.shape.slice(0, -1), b.shape.at(transposeB ? 0 : 1)!]))
  }
  const [left, right] = stretchBatches(a, b)
  return wrap(tf.matMul(left, right, transposeA, transposeB))
}

/** tfjs's kernels stretch a batch of one only; told to stretch axis by axis, they give wrong values. */
function stretchBatches(a: Tensor, b: Tensor): [tf.Tensor, tf.Tensor] {
  const batches = [a.shape.slice(0, -2), b.shape.slice(0, -2)] as const
  const batch = broadcastShapes(...batches, 'matMul')
  const size = (shape: Shape): number => shape.reduce((m, n) => m * n, 1)
  const served =
    batches.some((shape) => size(shape) === 1) || formatShape(batches[0]) === formatShape(batches[1])
  if (served) return [raw(a), raw(b)]
  return [
    tf.broadcastTo(raw(a), [...batch, ...a.shape.slice(-2)] as never),
    tf.broadcastTo(raw(b), [...batch, ...b.shape.slice(-2)] as never),
  ]
}

/** Inner product per row: `[B, ...D]`, `[B, ...D]` → `[B]`. */
export function dotRows(a: Tensor, b: Tensor): Tensor {
  checkTensor('dotRows', a)
  checkTensor('dotRows', b)
  if (a.shape.length === 0 || formatShape(a.shape) !== formatShape(b.shape)) {
    throw expected(
      'dotRows',
      'two tensors of one shape [B, ...]',
      `${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    )
  }
  const batch = a.shape[0]!
  return wrap(tf.sum(tf.reshape(tf.mul(raw(a), raw(b)), [batch, a.size / Math.max(batch, 1)]), 1))
}
