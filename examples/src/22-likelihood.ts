/** Behaviour 22: exact log-likelihoods by the probability flow, and bits/dim of dequantised grey levels. */
import { bitsPerDim, logLikelihood } from '@sgm/samplers'
import { gaussian, gaussianMixture } from '@sgm/score'
import { vp } from '@sgm/sde'
import { add, floor, item, key, mean, mul, tidy, uniform } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 200 } = {}) {
  // #region likelihood
  const process = vp()
  const target = gaussianMixture({
    means: [
      [-1, -1],
      [1, 1],
    ],
    covariances: [0.25, 0.25],
  })
  const x = target.sample(key(0), count)
  const problem = { process, score: target.diffused(process).score }
  const { logDensity } = await logLikelihood(problem, x)
  const exact = target.logDensity(x)
  const estimated = await logLikelihood(problem, x, {
    divergence: 'hutchinson',
    key: key(1),
  })
  // #endregion

  // Four pixels of 256 grey levels, with grey values y in [0, 1] of deviation 0.1: (255 y + u)/256.
  // #region bits
  const images = gaussian({ mean: [0.5, 0.5, 0.5, 0.5], covariance: 0.01 })
  const pixels = tidy(() => {
    const levels = floor(mul(images.sample(key(2), count), 256))
    return mul(add(levels, uniform(key(3), levels.shape)), 1 / 256)
  })
  const { score } = images.diffused(process)
  const likelihood = await logLikelihood({ process, score }, pixels)
  const bits = bitsPerDim(await item(mean(likelihood.logDensity)), 4)
  // #endregion
  return {
    logLikelihood: await item(mean(logDensity)),
    exact: await item(mean(exact)),
    hutchinson: await item(mean(estimated.logDensity)),
    bitsPerDim: bits,
    /** The entropy of a normal law of deviation 0.1, in bits, and 8 for the grey levels. */
    exactBitsPerDim: 0.5 * Math.log2(2 * Math.PI * Math.E * 0.01) + 8,
  }
}

await show(import.meta.url, main)
