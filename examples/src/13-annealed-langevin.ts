/** Behaviour 13: annealing the noise away recovers the weights 1:4; a last step takes out what noise is left. */
import { modeWeights } from '@sgm/metrics'
import { annealedLangevin, sample } from '@sgm/samplers'
import { gaussianMixture } from '@sgm/score'
import { ve } from '@sgm/sde'
import { key, tensor } from '@sgm/tensor'
import { show } from './show'

export async function main({ chains = 1000, levels = 20, stepsPerLevel = 20 } = {}) {
  // #region anneal
  const target = gaussianMixture({
    weights: [0.2, 0.8],
    means: [
      [-5, -5],
      [5, 5],
    ],
    covariances: [0.01, 0.01],
  })
  const process = ve({ sigmaMin: 0.5, sigmaMax: 20 })
  const { score } = target.diffused(process)
  const sampler = annealedLangevin({ stepsPerLevel })
  const options = { key: key(0), shape: [chains, 2], steps: levels, end: 0 }
  const denoised = await sample({ process, score }, sampler, options)
  const modes = tensor(target.means)
  const found = await modeWeights(denoised, modes)
  // #endregion
  const noisy = await sample({ process, score }, sampler, { ...options, denoise: 'none' })
  return {
    weights: target.weights,
    found,
    nearWithoutDenoising: await modeWeights(noisy, modes, { within: 0.5 }),
    nearWithDenoising: await modeWeights(denoised, modes, { within: 0.5 }),
  }
}

await show(import.meta.url, main)
