import { expected, repairGradients, reshape, type Tensor, tidy } from '@sgm/tensor'
import { checkLists, checkMethods, checkTensors } from '@sgm/tensor/check'
import type { ScoreFunction } from './types'

/** What is asked of a tfjs model. Structural: every `tf.LayersModel` and `tf.Sequential` is one. */
export interface LayersModel {
  readonly inputs: readonly unknown[]
  apply(inputs: never, options?: never): unknown
}

/**
 * Uses a tfjs LayersModel as a score: called with x alone where it has one input, with (x, t as `[B, 1]`) where it has
 * two. The model keeps its weights; it can be differentiated and traced.
 *
 * @param model Of tfjs's layers: one input, or the state and the time.
 * @throws RangeError when the model has another number of inputs.
 * @example
 * const input = tf.input({ shape: [2] })
 * const output = tf.layers.dense({ units: 2 }).apply(input)
 * const model = tf.model({ inputs: input, outputs: output as tf.SymbolicTensor })
 * const score = layersScore(model)
 * score(zeros([8, 2]), ones([8])).shape // → [8, 2]
 */
export function layersScore(model: LayersModel): ScoreFunction {
  checkMethods('layersScore', { model }, 'apply')
  checkLists('layersScore', { 'model.inputs': model.inputs })
  const count = model.inputs.length
  if (count !== 1 && count !== 2) throw expected('layersScore', 'a model of 1 or 2 inputs', count)
  repairGradients()
  return (x, t) =>
    tidy(() => {
      const inputs = count === 1 ? x : [x, reshape(t, [-1, 1])]
      const value = model.apply(inputs as never) as Tensor
      checkTensors('layersScore', { 'what model.apply gives': value })
      return value
    })
}
