/** Behaviour 1: a Gaussian mixture with its exact density, score and samples, clean and noised. */
import { moments } from '@sgm/metrics'
import { gaussianMixture } from '@sgm/score'
import { ve } from '@sgm/sde'
import { item, key, tensor } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 4000, t = 0.7 } = {}) {
  // #region mixture
  const target = gaussianMixture({
    weights: [0.2, 0.8],
    means: [
      [-5, -5],
      [5, 5],
    ],
  })
  const x = tensor([[4, 6]])
  const logDensity = await item(target.logDensity(x))
  const score = await target.score(x).data()
  // #endregion
  const samples = await moments(target.sample(key(0), count))

  // #region noised
  const process = ve()
  const noised = target.diffused(process)
  const { sigma } = process.marginal(t)
  const noisedScore = await noised.score(x, t).data()
  // #endregion
  const noisy = await moments(noised.sample(key(1), count, t))
  return {
    logDensity,
    score: [...score],
    mean: target.mean,
    sampleMean: samples.mean,
    sigma,
    noisedScore: [...noisedScore],
    variance: target.covariance[0]![0]! + sigma ** 2,
    noisedSampleVariance: noisy.covariance[0]![0]!,
  }
}

await show(import.meta.url, main)
