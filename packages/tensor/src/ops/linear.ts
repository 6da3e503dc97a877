import * as tf from '@tensorflow/tfjs'
import { checkFlags, checkTensor, expected, formatShape, optionsOf } from '../check'
import { tidy } from '../memory'
import { made } from '../tf'
import type { Shape, Tensor } from '../types'
import { mul } from './arithmetic'
import { broadcastShapes } from './broadcast'
import { promoteAll } from './dtypes'
import { orNeutral, stretched } from './nothing'
import { sumRows } from './reduce'

/** How {@link matMul} reads its operands. */
export interface MatMulOptions {
  /** Use the transpose of the last two axes of `a`. @default false */
  readonly transposeA?: boolean
  /** Use the transpose of the last two axes of `b`. @default false */
  readonly transposeB?: boolean
}

/**
 * Matrix product over the last two axes: `[...S, m, k] · [...S, k, n]` → `[...S, m, n]`, float32; leading axes broadcast.
 * With k = 0 it is 0.
 *
 * @param a `[..., n, k]`.
 * @param b `[..., k, m]`, with the same axes before these or fewer.
 * @throws RangeError when an operand has fewer than two axes or the inner sizes differ.
 * @example
 * matMul(
 *   tensor([
 *     [1, 2],
 *     [3, 4],
 *   ]),
 *   tensor([[1], [1]]),
 * ) // → [[3], [7]]
 */
export function matMul(a: Tensor, b: Tensor, options: MatMulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false } = optionsOf('matMul', options, {
    transposeA: true,
    transposeB: true,
  })
  checkFlags('matMul', { transposeA, transposeB })
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
  return made(() => {
    const [left, right] = promoteAll('matMul', 'float32', [a, b]) as [tf.Tensor, tf.Tensor]
    return product(
      orNeutral(left, [left.rank - (transposeA ? 2 : 1)], 0),
      orNeutral(right, [right.rank - (transposeB ? 1 : 2)], 0),
      transposeA,
      transposeB,
    )
  })
}

function product(a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): tf.Tensor {
  if (b.rank === 2 && a.rank > 2 && !transposeA) {
    const rows = tf.matMul(tf.reshape(a, [-1, a.shape.at(-1)!]), b, false, transposeB)
    return tf.reshape(rows, [...a.shape.slice(0, -1), b.shape.at(transposeB ? 0 : 1)!])
  }
  return tf.matMul(...stretchBatches(a, b), transposeA, transposeB)
}

/** tfjs's kernels stretch a batch of one only; told to stretch axis by axis, they give wrong values. */
function stretchBatches(a: tf.Tensor, b: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const batches = [a.shape.slice(0, -2), b.shape.slice(0, -2)] as const
  const batch = broadcastShapes(...batches, 'matMul')
  const size = (shape: Shape): number => shape.reduce((m, n) => m * n, 1)
  const isSingle = !batch.includes(0) && batches.some((shape) => size(shape) === 1)
  if (isSingle || formatShape(batches[0]) === formatShape(batches[1])) return [a, b]
  return [stretched(a, [...batch, ...a.shape.slice(-2)]), stretched(b, [...batch, ...b.shape.slice(-2)])]
}

/**
 * Inner product per row: `[B, ...D]`, `[B, ...D]` → `[B]`; 0 where D is empty.
 *
 * @param a `[B, ...]`.
 * @param b Of the same shape.
 * @example
 * dotRows(
 *   tensor([
 *     [1, 2],
 *     [3, 4],
 *   ]),
 *   tensor([
 *     [1, 1],
 *     [0, 2],
 *   ]),
 * ) // → [3, 8]
 */
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
  return tidy(() => sumRows(mul(a, b)))
}
