import * as tf from '@tensorflow/tfjs'
import { gradient } from './helpers'

type Axes = number | number[] | null | undefined

/** Tied extremes share the gradient, NaN among them, so that it sums to dy: tfjs gives each of them all of it, and NaN none. */
function extreme(dy: tf.Tensor, x: tf.Tensor, y: tf.Tensor, axes: Axes): tf.Tensor {
  const list = tf.util.parseAxisParam(axes!, x.shape)
  const shape = x.shape.map((size, i) => (list.includes(i) ? 1 : size))
  const mask = tf.logicalOr(tf.equal(x, tf.reshape(y, shape)), tf.isNaN(x))
  const share = tf.div(tf.reshape(dy, shape), tf.sum(tf.cast(mask, 'float32'), list, true))
  return tf.where(mask, share, 0)
}

const max = gradient<{ reductionIndices: Axes }>(
  tf.Max,
  { inputs: ['x'], output: true },
  (dy, [x, y], { reductionIndices }) => ({ x: () => extreme(dy, x!, y!, reductionIndices) }),
)

const min = gradient<{ axis: Axes }>(tf.Min, { inputs: ['x'], output: true }, (dy, [x, y], { axis }) => ({
  x: () => extreme(dy, x!, y!, axis),
}))

/** Π_{j<i} x_j along the last axis of `[m, n]`, by doubling strides: no division, so zeros are no trouble. */
function productBefore(x: tf.Tensor): tf.Tensor {
  const [m, n] = x.shape as [number, number]
  const shift = (y: tf.Tensor, by: number): tf.Tensor =>
    tf.pad(tf.slice(y, [0, 0], [m, n - by]), [[0, 0], [by, 0]], 1) // biome-ignore format: pairs
  let y = n > 1 ? shift(x, 1) : tf.ones([m, n])
  for (let stride = 1; stride < n; stride *= 2) y = tf.mul(y, shift(y, stride))
  return y
}

/** The product of all other factors, from ops that have gradients: tfjs uses Cumprod, which has none. */
const prod = gradient<{ axis: Axes }>(tf.Prod, { inputs: ['x'] }, (dy, [x], { axis }) => ({
  x: () => {
    const axes = tf.util.parseAxisParam(axis!, x!.shape)
    const order = [...x!.shape.keys()].sort((a, b) => Number(axes.includes(a)) - Number(axes.includes(b)))
    const back = order.map((_, i) => order.indexOf(i))
    const last = tf.transpose(x!, order)
    const rows = tf.reshape(last, [dy.size, x!.size / Math.max(dy.size, 1)])
    const after = tf.reverse(productBefore(tf.reverse(rows, 1)), 1)
    const others = tf.mul(productBefore(rows), after)
    return tf.transpose(tf.reshape(tf.mul(tf.reshape(dy, [dy.size, 1]), others), last.shape), back)
  },
}))

/** tfjs transposes the result when the axis is not the last. */
const cumsum = gradient<{ axis: number; exclusive: boolean; reverse: boolean }>(
  tf.Cumsum,
  {},
  (dy, _saved, { axis, exclusive, reverse }) => ({ x: () => tf.cumsum(dy, axis, exclusive, !reverse) }),
)

export const reductionGradients = [max, min, prod, cumsum]
