/** Behaviour 6: any function from R^d to R^d is a score model: tensor code of your own, or a tfjs model. */
import { stream } from '@sgm/data'
import { fisherDivergence, implicit } from '@sgm/losses'
import { gaussian, layersScore, networkOf } from '@sgm/score'
import { eye, item, key, matMul, mean, neg, sub, zeros } from '@sgm/tensor'
import { train } from '@sgm/train'
import * as tf from '@tensorflow/tfjs'
import { show } from './show'

// #region network
/** s(x) = −P(x − m), of the mean and the inverse covariance of the data. */
const precisionNetwork = networkOf({
  parameters: {
    mean: { shape: [2], initial: () => zeros([2]) },
    precision: { shape: [2, 2], initial: () => eye(2) },
  },
  apply: ({ mean, precision }, x) => neg(matMul(sub(x, mean!), precision!)),
})
// #endregion

export async function main({ steps = 150, size = 1000 } = {}) {
  const target = gaussian({
    mean: [1, -1],
    covariance: [
      [1, 0.5],
      [0.5, 1],
    ],
  })
  // #region train
  const data = stream(target.sample, { size, key: key(1) })
  const rate = (step: number) => 0.1 * (1 - step / steps)
  const model = precisionNetwork
  const loss = implicit()
  const run = train({ model, loss, data, steps, rate, key: key(0) })
  for await (const _ of run);
  // #endregion

  // #region layers
  const dense = tf.layers.dense({ units: 2, inputShape: [2] })
  const layers = tf.sequential({ layers: [dense] })
  layers.setWeights([tf.tensor2d([-1, 0, 0, -1], [2, 2]), tf.tensor1d([0, 0])])
  const score = layersScore(layers)
  // #endregion
  const normal = gaussian()
  const x = normal.sample(key(9), 100)
  const error = fisherDivergence(score, normal.score, x, zeros([100]))
  return {
    mean: [...(await run.parameters.mean!.data())],
    precision: [...(await run.parameters.precision!.data())],
    exactPrecision: [4 / 3, -2 / 3, -2 / 3, 4 / 3],
    layersModelDivergence: await item(mean(error)),
  }
}

await show(import.meta.url, main)
