import { divergence, tensor } from '@sgm/tensor'
import { expectNear, expectNoLeaks } from '@sgm/tensor/testing'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { layersScore } from './layers-model'

const x = tensor([
  [1, 2],
  [-1, 0.5],
])
const t = tensor([0.5, 2])

/** y = Wᵀx + b. */
function dense(inputs: number, weights: number[], bias: [number, number]) {
  const layer = tf.layers.dense({ units: 2, inputShape: [inputs] })
  return {
    layer,
    set: () => layer.setWeights([tf.tensor2d(weights, [inputs, 2]), tf.tensor1d(bias)]),
  }
}

describe('layersScore', () => {
  it('brings along what mends the gradients of tfjs', () => {
    tf.unregisterGradient('Abs')
    layersScore(tf.sequential({ layers: [dense(2, [1, 0, 0, 1], [0, 0]).layer] }))
    // 0 at 0, where tfjs has −1.
    expect(
      tf
        .grad((x) => tf.abs(x))(tf.scalar(0))
        .dataSync(),
    ).toEqual(new Float32Array(1))
  })

  it('of a sequential model is its output, and differentiable', async () => {
    const { layer, set } = dense(2, [-1, 0, 0.5, -2], [0.1, 0.2])
    const model = tf.sequential({ layers: [layer] })
    set()
    const score = layersScore(model)
    await expectNear(
      expectNoLeaks(() => score(x, t)),
      [0.1, -3.8, 1.35, -0.8],
    )
    await expectNear(
      divergence((y) => score(y, t), x),
      [-3, -3],
    )
  })

  it('of a model with two inputs is given x and t', async () => {
    const inputs = [tf.input({ shape: [2] }), tf.input({ shape: [1] })]
    const { layer, set } = dense(3, [1, 0, 0, 1, 10, 100], [0, 0])
    const joined = tf.layers.concatenate().apply(inputs) as tf.SymbolicTensor
    const model = tf.model({ inputs, outputs: layer.apply(joined) as tf.SymbolicTensor })
    set()
    await expectNear(layersScore(model)(x, t), [6, 52, 19, 200.5])
  })

  it('refuses a model of three inputs', () => {
    expect(() => layersScore({ inputs: [1, 2, 3], apply: () => undefined })).toThrow(
      'layersScore: expected a model of 1 or 2 inputs, got 3',
    )
  })
})
