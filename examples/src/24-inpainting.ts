/** Behaviour 24: the unknown half of a datum given the known one, against the exact posterior. */
import { moments } from '@sgm/metrics'
import { ancestral, langevin, predictorCorrector, replacement, sample } from '@sgm/samplers'
import { gaussian, mixturePosterior } from '@sgm/score'
import { vp } from '@sgm/sde'
import { key, tensor } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 1000, steps = 50 } = {}) {
  // #region inpaint
  const target = gaussian({
    covariance: [
      [1, 0.8],
      [0.8, 1],
    ],
  })
  const process = vp()
  const problem = { process, score: target.diffused(process).score }
  const known = { data: tensor([[1.5, 0]]), mask: tensor([1, 0]) }
  // #endregion
  /** Mean and variance of the unknown coordinate. */
  async function inpainted(correctorSteps: number): Promise<number[]> {
    // #region inpaint
    const predictor = replacement(ancestral(), known)
    const corrector = replacement(langevin({ snr: 0.3 }), known)
    const sampler = predictorCorrector(predictor, corrector, { correctorSteps })
    const options = { key: key(0), shape: [count, 2], steps }
    const x = await sample(problem, sampler, options)
    // #endregion
    const { mean, covariance } = await moments(x)
    return [mean[1]!, covariance[1]![1]!]
  }
  // #region inpaint
  const exact = mixturePosterior(target, {
    matrix: [[1, 0]],
    observation: [1.5],
    noiseCovariance: 0,
  })
  // #endregion
  return {
    prior: [0, 1],
    predictorAlone: await inpainted(0),
    predictorCorrector: await inpainted(8),
    exact: [exact.mean[1]!, exact.covariance[1]![1]!],
  }
}

await show(import.meta.url, main)
