import * as tf from '@tensorflow/tfjs'
import type { Sources } from '../sampling'
import { type Pool, windowsOf } from '../windows'
import { gradient } from './helpers'
import { adjoint, separableGradient } from './separable'

type Shape4D = [number, number, number, number]

/** The mean over the part of a window that lies inside the image. */
function means(size: number, window: number, stride: number, before: number): Sources {
  return (position) => {
    const start = Math.max(position * stride - before, 0)
    const stop = Math.min(position * stride - before + window, size)
    return Array.from({ length: stop - start }, (_, i) => [start + i, 1 / (stop - start)])
  }
}

/** tfjs divides by the whole window here, though the forward kernel divides by the part inside the image. */
const avgPool = gradient<Pool>(tf.AvgPool, { inputs: ['x'] }, (dy, [x], pool) => ({
  x: () => {
    const at = windowsOf(x!, pool)
    const rows = means(at.inHeight, at.filterHeight, at.strideHeight, at.padInfo.top)
    const columns = means(at.inWidth, at.filterWidth, at.strideWidth, at.padInfo.left)
    return separableGradient(
      dy,
      adjoint(at.inHeight, at.outHeight, rows),
      adjoint(at.inWidth, at.outWidth, columns),
    )
  },
}))

/** Below what a window could hold, and still a literal that shaders compile. */
const LOWEST = -3.4e38

/** Of bools at the same place, only the first that is true. */
function firstOf(flags: readonly tf.Tensor[]): tf.Tensor[] {
  let earlier: tf.Tensor | undefined
  return flags.map((flag) => {
    const first = earlier ? tf.logicalAnd(flag, tf.logicalNot(earlier)) : flag
    earlier = earlier ? tf.logicalOr(earlier, flag) : flag
    return first
  })
}

/** Tied values share the gradient; of a window's NaN the first has it, which equals nothing. tfjs's kernel has no gradient itself, and on WASM passes over negative values. */
const maxPool = gradient<Pool>(tf.MaxPool, { inputs: ['x'], output: true }, (dy, [x, y], pool) => ({
  x: () => {
    const at = windowsOf(x!, pool)
    const { outHeight: rows, outWidth: columns, strideHeight: down, strideWidth: across } = at
    const [b, h, w, c] = x!.shape as Shape4D
    const { top, left } = at.padInfo
    const height = Math.max(rows * down + at.filterHeight - 1, top + h)
    const width = Math.max(columns * across + at.filterWidth - 1, left + w)
    const wide = tf.pad(
      x!,
      [
        [0, 0],
        [top, height - top - h],
        [left, width - left - w],
        [0, 0],
      ],
      LOWEST,
    )
    // Rows of all images together: WebGL pads no more than four axes.
    const taps = Array.from({ length: at.filterHeight * at.filterWidth }, (_, k) => ({
      row: Math.floor(k / at.filterWidth),
      column: k % at.filterWidth,
    }))
    const windows = taps.map(({ row, column }) => {
      const block = tf.slice(wide, [0, row, column, 0], [b, rows * down, columns * across, c])
      const grid = tf.reshape(block, [b * rows, down, columns, across * c])
      return tf.reshape(tf.slice(grid, [0, 0, 0, 0], [b * rows, 1, columns, c]), y!.shape)
    })
    const firsts = firstOf(windows.map((entries) => tf.isNaN(entries)))
    const masks = windows.map((entries, k) => tf.logicalOr(tf.equal(entries, y!), firsts[k]!))
    const share = tf.div(dy, tf.addN(masks.map((mask) => tf.cast(mask, 'float32'))))
    const parts = taps.map(({ row, column }, k) => {
      const part = tf.where(masks[k]!, share, 0)
      const entries = tf.reshape(part, [b * rows, 1, columns, c])
      const grid = tf.pad(entries, [
        [0, 0],
        [0, down - 1],
        [0, 0],
        [0, (across - 1) * c],
      ])
      return tf.pad(tf.reshape(grid, [b, rows * down, columns * across, c]), [
        [0, 0],
        [row, height - row - rows * down],
        [column, width - column - columns * across],
        [0, 0],
      ])
    })
    return tf.slice(tf.addN(parts), [0, top, left, 0], [b, h, w, c])
  },
}))

export const poolingGradients = [avgPool, maxPool]
