import * as tf from '@tensorflow/tfjs'
import { gradient, zerosOf } from './helpers'

/** Ops into bool: piecewise constant, with no gradient in tfjs, so that differentiating a mask throws. */
const constants = Object.entries({
  [tf.Equal]: ['a', 'b'],
  [tf.NotEqual]: ['a', 'b'],
  [tf.Less]: ['a', 'b'],
  [tf.LessEqual]: ['a', 'b'],
  [tf.Greater]: ['a', 'b'],
  [tf.GreaterEqual]: ['a', 'b'],
  [tf.LogicalAnd]: ['a', 'b'],
  [tf.LogicalOr]: ['a', 'b'],
  [tf.LogicalNot]: ['x'],
  [tf.All]: ['x'],
  [tf.Any]: ['x'],
}).map(([name, inputs]) =>
  gradient(name, { inputs }, (_dy, saved) =>
    Object.fromEntries(inputs.map((input, i) => [input, () => zerosOf(saved[i]!)])),
  ),
)

/** Indices computed from x (argMax) get a float zero: tfjs hands back the indices, or nothing. */
const indices = [
  [tf.GatherV2, 'indices', 1],
  [tf.UnsortedSegmentSum, 'segmentIds', 0],
] as const

const indexed = indices.map(([name, input, at]): tf.GradConfig => {
  const config = tf.getGradient(name)
  return {
    ...config,
    gradFunc: (dy, saved, attributes) => ({
      ...config.gradFunc(dy, saved, attributes),
      [input]: () => zerosOf(saved[at]!),
    }),
  }
})

export const zeroGradients = [...constants, ...indexed]
