import * as tf from '@tensorflow/tfjs'
import { expected } from '../check'
import { raw, wrap } from '../tf'
import type { Shape, Tensor } from '../types'
import { checkAxes, checkAxis, checkTensor } from './broadcast'

/** One axis, several, or (undefined) all of them; negative axes count from the end. */
export type Axes = number | Shape

function reduction(
  name: string,
  op: (x: tf.Tensor, axes: number[], keepDims: boolean) => tf.Tensor,
): (x: Tensor, axes?: Axes, keepDims?: boolean) => Tensor {
  return (x, axes, keepDims = false) => {
    checkTensor(name, x)
    return wrap(op(raw(x), checkAxes(name, axes, x.shape.length), keepDims))
  }
}

/** Sum over `axes`. */
export const sum = /* @__PURE__ */ reduction('sum', tf.sum)

/** Mean over `axes`. */
export const mean = /* @__PURE__ */ reduction('mean', tf.mean)

/** Product over `axes`. */
export const prod = /* @__PURE__ */ reduction('prod', tf.prod)

/** Largest value over `axes`; ties share the gradient equally. */
export const max = /* @__PURE__ */ reduction('max', tf.max)

/** Smallest value over `axes`; ties share the gradient equally. */
export const min = /* @__PURE__ */ reduction('min', tf.min)

/** ln Σ eˣ over `axes`, without overflow. */
export const logSumExp = /* @__PURE__ */ reduction('logSumExp', tf.logSumExp)

/** Whether all of a bool tensor holds, over `axes`. */
export const all = /* @__PURE__ */ reduction('all', tf.all)

/** Whether any of a bool tensor holds, over `axes`. */
export const any = /* @__PURE__ */ reduction('any', tf.any)

/** Index of the largest value along `axis` (int32). */
export function argMax(x: Tensor, axis = -1): Tensor {
  checkTensor('argMax', x)
  return wrap(tf.argMax(raw(x), checkAxis('argMax', axis, x.shape.length)))
}

/** Index of the smallest value along `axis` (int32). */
export function argMin(x: Tensor, axis = -1): Tensor {
  checkTensor('argMin', x)
  return wrap(tf.argMin(raw(x), checkAxis('argMin', axis, x.shape.length)))
}

/** Running sum along `axis`. */
export function cumsum(x: Tensor, axis = -1): Tensor {
  checkTensor('cumsum', x)
  return wrap(tf.cumsum(raw(x), checkAxis('cumsum', axis, x.shape.length)))
}

/** Sum over all axes but the first: `[B, ...]` → `[B]`. */
export function sumRows(x: Tensor): Tensor {
  checkTensor('sumRows', x)
  if (x.shape.length === 0) throw expected('sumRows', 'a tensor with a batch axis', 'a scalar')
  const batch = x.shape[0]!
  return wrap(tf.sum(tf.reshape(raw(x), [batch, x.size / Math.max(batch, 1)]), 1))
}
