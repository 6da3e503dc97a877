/** Behaviour 24: colour a grey image: grey is the first axis of an orthonormal basis of RGB. */
import { moments } from '@sgm/metrics'
import { knownGrey, langevin, predictorCorrector, replacement, reverseDiffusion, sample } from '@sgm/samplers'
import { gaussian, mixturePosterior } from '@sgm/score'
import { vp } from '@sgm/sde'
import { key, tensor } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 1000, steps = 100, grey = 0.9 } = {}) {
  const target = gaussian({ mean: [0.8, 0.5, 0.2], covariance: 0.04 })
  const process = vp()
  const problem = { process, score: target.diffused(process).score }
  const known = knownGrey(tensor([grey], [1, 1, 1, 1])) // one pixel
  const sampler = predictorCorrector(
    replacement(reverseDiffusion(), known),
    replacement(langevin({ snr: 0.16 }), known),
  )
  const x = await sample(problem, sampler, { key: key(0), shape: [count, 1, 1, 3], steps })
  const { mean, covariance } = await moments(x)
  const exact = mixturePosterior(target, {
    matrix: [[1 / 3, 1 / 3, 1 / 3]],
    observation: [grey],
    noiseCovariance: 0,
  })
  return {
    mean,
    exactMean: exact.mean,
    covariance: covariance.flat(),
    exactCovariance: exact.covariance.flat(),
  }
}

await show(import.meta.url, main)
