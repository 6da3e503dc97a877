import * as tf from '@tensorflow/tfjs'
import { gradient, kernel, zerosOf } from './helpers'

interface Pool {
  readonly filterSize: [number, number] | number
  readonly strides: [number, number] | number
  readonly pad: 'valid' | 'same' | number
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** Window size over the number of its entries inside the image: `[1, H′, W′, 1]`, or 1 where no window overhangs. */
function overhang(shape: number[], { filterSize, strides, pad, dimRoundingMode }: Pool): tf.Tensor | number {
  const pool = tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  )
  const inside = (count: number, stride: number, before: number, window: number, size: number): number[] =>
    Array.from({ length: count }, (_, i) => {
      const start = i * stride - before
      return Math.min(start + window, size) - Math.max(start, 0)
    })
  const { filterHeight, filterWidth, padInfo } = pool
  const rows = inside(pool.outHeight, pool.strideHeight, padInfo.top, filterHeight, pool.inHeight)
  const columns = inside(pool.outWidth, pool.strideWidth, padInfo.left, filterWidth, pool.inWidth)
  const ratios = rows.flatMap((row) => columns.map((column) => (filterHeight * filterWidth) / (row * column)))
  if (ratios.every((ratio) => ratio === 1)) return 1
  return tf.tensor4d(ratios, [1, rows.length, columns.length, 1])
}

function scaled(x: tf.Tensor, factor: tf.Tensor | number): tf.Tensor {
  return factor === 1 ? x : tf.mul(x, factor)
}

/** The kernel AvgPoolGrad divides by the whole window, the forward kernel by its entries inside the image. */
const avgPool = gradient<Pool>(tf.AvgPool, { inputs: ['x'] }, (dy, [x], pool) => ({
  x: () => kernel(tf.AvgPoolGrad, { dy: scaled(dy, overhang(x!.shape, pool)), input: x! }, pool),
}))

const avgPoolGrad = gradient<Pool>(tf.AvgPoolGrad, { inputs: ['input'] }, (ddx, [input], pool) => ({
  dy: () => {
    const { filterSize, strides, pad, dimRoundingMode } = pool
    const mean = tf.avgPool(ddx as tf.Tensor4D, filterSize, strides, pad, dimRoundingMode)
    const factor = overhang(input!.shape, pool)
    return factor === 1 ? mean : tf.div(mean, factor)
  },
  input: () => zerosOf(input!),
}))

/** Takes each window's tangent from where its largest value stood. */
const maxPoolGrad = gradient<Pool>(tf.MaxPoolGrad, { inputs: ['input', 'output'] }, (ddx, saved, pool) => ({
  dy: () => {
    const [, at] = tf
      .engine()
      .runKernel(
        tf.MaxPoolWithArgmax,
        { x: saved[0]! },
        { ...pool, includeBatchInIndex: true },
      ) as unknown as [tf.Tensor, tf.Tensor]
    return tf.gather(tf.reshape(ddx, [-1]), at)
  },
  input: () => zerosOf(saved[0]!),
  output: () => zerosOf(saved[1]!),
}))

export const poolingGradients = [avgPool, avgPoolGrad, maxPoolGrad]
