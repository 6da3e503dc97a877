import * as tf from '@tensorflow/tfjs'
import { gradient, sumTo } from './helpers'

/** One sum per repeated axis: tfjs adds Π reps slices, and has no rank above 4. */
const tile = gradient<{ reps: number[] }>(tf.Tile, { inputs: ['x'] }, (dy, [x], { reps }) => ({
  x: () => {
    let sum = dy
    x!.shape.forEach((size, axis) => {
      if (reps[axis] === 1) return
      const outer = x!.shape.slice(0, axis).reduce((a, b) => a * b, 1)
      sum = tf.sum(tf.reshape(sum, [outer, reps[axis]!, size, -1]), 1)
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

export const shapeGradients = [tile, matMul]
