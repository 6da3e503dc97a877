import * as tf from '@tensorflow/tfjs'
import { gradient, zerosOf } from './helpers'

/** Ops into bools and indices: piecewise constant, with no gradient in tfjs or an int32 one, so that differentiating them throws. */
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
  [tf.ArgMax]: ['x'],
  [tf.ArgMin]: ['x'],
}).map(([name, inputs]) =>
  gradient(name, { inputs }, (_dy, saved) =>
    Object.fromEntries(inputs.map((input, i) => [input, () => zerosOf(saved[i]!)])),
  ),
)

/** Indices computed from x (argMax) get a float zero: tfjs hands back the indices, or nothing. */
function indexed(name: string, input: string, at: number): tf.GradConfig {
  const config = tf.getGradient(name)
  return {
    ...config,
    gradFunc: (dy, saved, attributes) => ({
      ...config.gradFunc(dy, saved, attributes),
      [input]: () => zerosOf(saved[at]!),
    }),
  }
}

const gather = indexed(tf.GatherV2, 'indices', 1)

export const zeroGradients = [
  ...constants,
  indexed(tf.UnsortedSegmentSum, 'segmentIds', 0),
  {
    ...gather,
    /** tfjs cannot add into no rows. */
    gradFunc: (dy, saved, attributes) => ({
      ...gather.gradFunc(dy, saved, attributes),
      ...(saved[0]!.size === 0 && { x: () => zerosOf(saved[0]!) }),
    }),
  } satisfies tf.GradConfig,
]
