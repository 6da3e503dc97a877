import * as tf from '@tensorflow/tfjs'
import { checkTensor, expected, formatShape } from '../check'
import { tidy } from '../memory'
import { made } from '../tf'
import type { NumericDType, Shape, Tensor } from '../types'
import { checkAxes, checkAxis, checkBool } from './broadcast'
import { promote } from './dtypes'
import { orNeutral } from './nothing'
import { reshape } from './shape'

/** One axis, several, or (undefined) all of them; negative axes count from the end. */
export type Axes = number | Shape

type Reduction = (x: Tensor, axes?: Axes, keepDims?: boolean) => Tensor

type Fold = (x: tf.Tensor, axes: number[], keepDims: boolean) => tf.Tensor

/** A reduction in the wider of `least` and x's element type; of nothing, it is `neutral`. */
function reduction(name: string, op: Fold, least: NumericDType, neutral: number): Reduction {
  return (x, axes, keepDims = false) => {
    checkTensor(name, x)
    const over = checkAxes(name, axes, x.shape.length)
    return made(() => op(orNeutral(promote(name, least, x), over, neutral), over, keepDims))
  }
}

/** A reduction of bools. */
function logical(name: string, op: Fold, neutral: number): Reduction {
  const reduce = reduction(name, op, 'bool', neutral)
  return (x, axes, keepDims) => {
    checkBool(name, x)
    return reduce(x, axes, keepDims)
  }
}

/** A reduction that nothing has no value for. */
function extreme(name: string, op: Fold): Reduction {
  return (x, axes, keepDims = false) => {
    checkTensor(name, x)
    const over = checkAxes(name, axes, x.shape.length)
    checkSome(name, x, over)
    return made(() => op(promote(name, 'int32', x), over, keepDims))
  }
}

/** Throws where a result would come of no values. */
function checkSome(name: string, { shape }: Tensor, axes: readonly number[]): void {
  const results = shape.filter((_, axis) => !axes.includes(axis))
  if (axes.some((axis) => shape[axis] === 0) && !results.includes(0)) {
    throw expected(name, `values along axes ${formatShape(axes)}`, `none in shape ${formatShape(shape)}`)
  }
}

/**
 * Sum over `axes`; 0 of nothing.
 *
 * @example
 * sum(
 *   tensor([
 *     [1, 2],
 *     [3, 4],
 *   ]),
 * ) // → 10
 * sum(
 *   tensor([
 *     [1, 2],
 *     [3, 4],
 *   ]),
 *   1,
 *   true,
 * ) // → [[3], [7]]
 */
export const sum = /* @__PURE__ */ reduction('sum', tf.sum, 'int32', 0)

/**
 * Mean over `axes`, float32; NaN of nothing.
 *
 * @example
 * mean(
 *   tensor([
 *     [1, 2],
 *     [3, 6],
 *   ]),
 * ) // → 3
 * mean(
 *   tensor([
 *     [1, 2],
 *     [3, 6],
 *   ]),
 *   0,
 * ) // → [2, 4]
 */
export const mean = /* @__PURE__ */ reduction('mean', tf.mean, 'float32', 0 / 0)

/**
 * Product over `axes`; 1 of nothing.
 *
 * @example
 * prod(tensor([2, 3, 4])) // → 24
 */
export const prod = /* @__PURE__ */ reduction('prod', tf.prod, 'int32', 1)

/**
 * Largest value over `axes`; ties share the gradient equally. @throws RangeError when there are no values.
 *
 * @example
 * max(
 *   tensor([
 *     [1, 5],
 *     [3, 2],
 *   ]),
 * ) // → 5
 * max(
 *   tensor([
 *     [1, 5],
 *     [3, 2],
 *   ]),
 *   1,
 * ) // → [5, 3]
 */
export const max = /* @__PURE__ */ extreme('max', tf.max)

/**
 * Smallest value over `axes`; ties share the gradient equally. @throws RangeError when there are no values.
 *
 * @example
 * min(
 *   tensor([
 *     [1, 5],
 *     [3, 2],
 *   ]),
 * ) // → 1
 * min(
 *   tensor([
 *     [1, 5],
 *     [3, 2],
 *   ]),
 *   0,
 * ) // → [1, 2]
 */
export const min = /* @__PURE__ */ extreme('min', tf.min)

/**
 * Whether all of a bool tensor holds, over `axes`; true of nothing.
 *
 * @example
 * all(tensor([1, 0], [2], 'bool')) // → false
 */
export const all = /* @__PURE__ */ logical('all', tf.all, 1)

/**
 * Whether any of a bool tensor holds, over `axes`; false of nothing.
 *
 * @example
 * any(tensor([0, 1], [2], 'bool')) // → true
 */
export const any = /* @__PURE__ */ logical('any', tf.any, 0)

/**
 * Index of the largest value along `axis` (int32). @throws RangeError when there are no values.
 *
 * @example
 * argMax(
 *   tensor([
 *     [1, 3, 2],
 *     [9, 7, 8],
 *   ]),
 * ) // → [1, 0]
 */
export const argMax = /* @__PURE__ */ place('argMax', tf.argMax)

/**
 * Index of the smallest value along `axis` (int32). @throws RangeError when there are no values.
 *
 * @example
 * argMin(
 *   tensor([
 *     [1, 3, 2],
 *     [9, 7, 8],
 *   ]),
 * ) // → [0, 1]
 */
export const argMin = /* @__PURE__ */ place('argMin', tf.argMin)

function place(
  name: string,
  op: (x: tf.Tensor, axis: number) => tf.Tensor,
): (x: Tensor, axis?: number) => Tensor {
  return (x, axis = -1) => {
    checkTensor(name, x)
    const at = checkAxis(name, axis, x.shape.length)
    checkSome(name, x, [at])
    return made(() => op(promote(name, 'int32', x), at))
  }
}

/**
 * Running sum along `axis`.
 *
 * @example
 * cumsum(tensor([1, 2, 3])) // → [1, 3, 6]
 */
export function cumsum(x: Tensor, axis = -1): Tensor {
  checkTensor('cumsum', x)
  const at = checkAxis('cumsum', axis, x.shape.length)
  return made(() => tf.cumsum(promote('cumsum', 'int32', x), at))
}

/**
 * Sum over all axes but the first: `[B, ...]` → `[B]`.
 *
 * @param x `[B, ...]`.
 * @example
 * sumRows(
 *   tensor([
 *     [1, 2],
 *     [3, 4],
 *   ]),
 * ) // → [3, 7]
 */
export function sumRows(x: Tensor): Tensor {
  checkTensor('sumRows', x)
  if (x.shape.length === 0) throw expected('sumRows', 'a tensor with a batch axis', 'a scalar')
  const batch = x.shape[0]!
  return tidy(() => sum(reshape(x, [batch, x.size / Math.max(batch, 1)]), 1))
}
