import * as tf from '@tensorflow/tfjs'
import type { Shape } from '../types'
import { broadcastShapes } from './broadcast'

/**
 * x, with one entry of `neutral` along each of the given axes that has none: a fold of nothing is a fold of its neutral
 * element. Kernels leave memory as it was where there is nothing to fold, or have rules of their own.
 */
export function orNeutral(x: tf.Tensor, axes: readonly number[], neutral: number): tf.Tensor {
  const missing = x.shape.map((size, axis) => (size === 0 && axes.includes(axis) ? 1 : 0))
  return missing.includes(1)
    ? tf.pad(
        x,
        missing.map((count) => [0, count]),
        neutral,
      )
    : x
}

/** x stretched to `shape`, sizes of 1 to 0 too, which tfjs leaves at 1, as it does new axes of 0. */
export function stretched(x: tf.Tensor, shape: Shape): tf.Tensor {
  if (!shape.includes(0)) return tf.broadcastTo(x, shape as never)
  const sizes = [...Array<number>(shape.length - x.rank).fill(1), ...x.shape]
  const taken = sizes.map((size, i) => Math.min(size, shape[i]!))
  const part = tf.slice(
    tf.reshape(x, sizes),
    taken.map(() => 0),
    taken,
  )
  return tf.broadcastTo(part, shape as never)
}

type Operand = tf.Tensor | number

/** Operands, stretched to the shape that they meet in where that has no elements: gradients of tfjs do not go back from there. */
export function meetNothing(operands: readonly Operand[]): readonly Operand[] {
  const shapes = operands.map((x) => (typeof x === 'number' ? [] : x.shape))
  if (!shapes.some((shape) => shape.includes(0))) return operands
  const shape = shapes.reduce((a, b) => broadcastShapes(a, b))
  return operands.map((x) => (typeof x === 'number' ? x : stretched(x, shape)))
}
