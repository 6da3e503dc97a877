import * as tf from '@tensorflow/tfjs'
import { gradient, sumTo } from './helpers'

/** One sum per repeated axis: tfjs adds Π reps slices, and has no rank above 4. */
const tile = gradient<{ reps: number[] }>(tf.Tile, { inputs: ['x'] }, (dy, [x], { reps }) => ({
  x: () => {
    let sum = dy
    x!.shape.forEach((size, axis) => {
      if (reps[axis] === 1) return
      const outer = x!.shape.slice(0, axis).reduce((a, b) => a * b, 1)
      const inner = dy.shape.slice(axis + 1).reduce((a, b) => a * b, 1)
      sum = tf.sum(tf.reshape(sum, [outer, reps[axis]!, size, inner]), 1)
    })
    return tf.reshape(sum, x!.shape)
  },
}))

/** Summed over stretched batch axes: tfjs throws there. */
const matMul = gradient<{ transposeA: boolean; transposeB: boolean }>(
  tf.BatchMatMul,
  { inputs: ['a', 'b'] },
  (dy, [a, b], { transposeA, transposeB }) => ({
    a: () =>
      sumTo(
        transposeA ? tf.matMul(b!, dy, transposeB, true) : tf.matMul(dy, b!, false, !transposeB),
        a!.shape,
      ),
    b: () =>
      sumTo(
        transposeB ? tf.matMul(dy, a!, true, transposeA) : tf.matMul(a!, dy, !transposeA, false),
        b!.shape,
      ),
  }),
)

/** The mirrored edges flow back too: tfjs drops them. */
const mirrorPad = gradient<{ paddings: [number, number][]; mode: 'reflect' | 'symmetric' }>(
  tf.MirrorPad,
  { inputs: ['x'] },
  (dy, [x], { paddings, mode }) => ({
    x: () =>
      x!.shape.reduce((padded, size, axis) => {
        const [before, after] = paddings[axis]!
        const skipped = mode === 'reflect' ? 1 : 0
        const along = (y: tf.Tensor, start: number, count: number): tf.Tensor =>
          tf.slice(
            y,
            y.shape.map((_, i) => (i === axis ? start : 0)),
            y.shape.map((n, i) => (i === axis ? count : n)),
          )
        const edge = (start: number, count: number, to: number): tf.Tensor =>
          tf.pad(
            tf.reverse(along(padded, start, count), axis),
            padded.shape.map((_, i) => (i === axis ? [to, size - to - count] : [0, 0])),
          )
        return tf.addN([
          along(padded, before, size),
          edge(0, before, skipped),
          edge(before + size, after, size - skipped - after),
        ])
      }, dy),
  }),
)

/** Parts that nothing depends on have zeros of their own element type for gradients: tfjs joins them to floats, and throws. */
const floats = (parts: tf.Tensor): tf.Tensor[] => [parts].flat().map((part) => tf.cast(part, 'float32'))

const splitV = gradient<{ axis: number }>(tf.SplitV, {}, (dy, _saved, { axis }) => ({
  x: () => tf.concat(floats(dy), axis),
}))

const unpack = gradient<{ axis: number }>(tf.Unpack, {}, (dy, _saved, { axis }) => ({
  value: () => tf.stack(floats(dy), axis),
}))

export const shapeGradients = [tile, matMul, mirrorPad, splitV, unpack]
