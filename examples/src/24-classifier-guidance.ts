/** Behaviour 24: one class alone, by the gradient of a noise-conditional classifier, in predictor and corrector. */
import { moments } from '@sgm/metrics'
import { langevin, predictorCorrector, reverseDiffusion, sample } from '@sgm/samplers'
import { classifierGuidance, gaussian, gaussianMixture, labelLogLikelihood } from '@sgm/score'
import { vp } from '@sgm/sde'
import { full, key, stack, type Tensor } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 1000, steps = 100 } = {}) {
  const classes = [
    gaussian({ mean: [-0.5, 0], covariance: 0.25 }),
    gaussian({ mean: [0.5, 0], covariance: [0.25, 0.04] }),
  ]
  const process = vp()
  const data = gaussianMixture({
    means: classes.map((c) => c.mean),
    covariances: classes.map((c) => c.covariance),
  }).diffused(process)
  const noisy = classes.map((c) => c.diffused(process))
  const classifier = (x: Tensor, t: Tensor) =>
    stack(
      noisy.map((c) => c.logDensity(x, t)),
      1,
    )

  const label = 1
  // #region guidance
  const labels = full([count], label, 'int32')
  const logLikelihood = labelLogLikelihood(classifier, labels)
  const score = classifierGuidance(data.score, logLikelihood)
  const corrector = langevin({ snr: 0.1 })
  const sampler = predictorCorrector(reverseDiffusion(), corrector)
  const options = { key: key(0), shape: [count, 2], steps }
  const x = await sample({ process, score }, sampler, options)
  // #endregion
  const { mean, covariance } = await moments(x)
  return {
    mean,
    exactMean: classes[label]!.mean,
    covariance: covariance.flat(),
    exactCovariance: classes[label]!.covariance.flat(),
  }
}

await show(import.meta.url, main)
