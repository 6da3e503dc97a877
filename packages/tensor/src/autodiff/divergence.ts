import * as tf from '@tensorflow/tfjs'
import { checkFunctions, checkShape, checkTensor, checkTensors, expected } from '../check'
import { tidy } from '../memory'
import { oneHot } from '../ops/indexing'
import { dotRows } from '../ops/linear'
import { raw, wrap } from '../tf'
import type { Tensor } from '../types'
import { pullback } from './pullback'

/**
 * The trace of the Jacobian of `f: [B, ...D] → [B, ...D]`, one number per row: `[B]`. Rows must not depend on
 * each other.
 *
 * Exact, with one vjp per dimension. Each is freed before the next begins, so that memory does not grow with
 * the dimension, unless the divergence is itself being differentiated.
 *
 * @param f Takes `[B, ...]` to the same shape, each row by itself.
 * @param x Where, `[B, ...]`.
 * @throws RangeError when `f` changes the shape.
 * @example
 * divergence((x) => mul(x, 3), zeros([5, 2])) // → [6, 6, 6, 6, 6]
 */
export function divergence(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  checkFunctions('divergence', { f })
  const [batch, dims] = rowShape('divergence', x)
  const field = sameShape('divergence', f, x)
  const term = (i: number): tf.Tensor => {
    const axis = raw(oneHot(wrap(tf.fill([batch], i, 'int32')), dims))
    const { gradient } = pullback('divergence', field, x, wrap(tf.reshape(axis, x.shape)))
    return tf.reshape(tf.slice(tf.reshape(raw(gradient), [batch, dims]), [0, i], [batch, 1]), [batch])
  }
  return tidy(() => {
    let total = tf.tidy(() => term(0))
    for (let i = 1; i < dims; i++) {
      const before = total
      total = tf.tidy(() => tf.add(before, term(i)))
      before.dispose()
    }
    return wrap(total)
  })
}

/**
 * Hutchinson's estimate vᵀ(∂f/∂x)v of the {@link divergence}, one number per row, and `f(x)` beside it. Unbiased
 * when the probe's entries have mean 0 and covariance I (Skilling 1989; Hutchinson 1990).
 *
 * @param f Takes `[B, ...]` to the same shape, each row by itself.
 * @param x Where, `[B, ...]`.
 * @param probe Of x's shape, with independent elements of mean 0 and variance 1: {@link rademacher}, or {@link normal}.
 * @throws RangeError when `f` changes the shape, or the probe has another than `x`.
 * @example
 * const x = zeros([100, 2])
 * const probe = rademacher(key(0), x.shape)
 * const { divergence } = hutchinson((x) => mul(x, 3), x, probe)
 * await item(mean(divergence)) // → 6
 */
export function hutchinson(
  f: (x: Tensor) => Tensor,
  x: Tensor,
  probe: Tensor,
): { value: Tensor; divergence: Tensor } {
  checkFunctions('hutchinson', { f })
  rowShape('hutchinson', x)
  checkTensors('hutchinson', { probe })
  checkShape('hutchinson', 'a probe', probe.shape, x.shape)
  return tidy(() => {
    const { value, gradient } = pullback('hutchinson', sameShape('hutchinson', f, x), x, probe)
    return { value, divergence: dotRows(gradient, probe) }
  })
}

function sameShape(where: string, f: (x: Tensor) => Tensor, x: Tensor): (x: Tensor) => Tensor {
  return (inner) => {
    const y = f(inner)
    if (y?.shape) checkShape(where, 'a function value', y.shape, x.shape)
    return y
  }
}

function rowShape(where: string, x: Tensor): [batch: number, dims: number] {
  checkTensor(where, x, 'x')
  if (x.shape.length === 0 || x.size === 0) throw expected(where, 'x of shape [B, ...]', x.shape)
  const batch = x.shape[0]!
  return [batch, x.size / batch]
}
