/** Behaviour 19: any predictor with any corrector, the score evaluations (NFE) counted. */
import { moments } from '@sgm/metrics'
import {
  ancestral,
  langevin,
  predictorCorrector,
  reverseDiffusion,
  type Sampler,
  trajectory,
  underdampedLangevin,
} from '@sgm/samplers'
import { gaussian } from '@sgm/score'
import { ve } from '@sgm/sde'
import { key } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 2000, steps = 50 } = {}) {
  // #region pairs
  const data = gaussian({ mean: [2], covariance: 0.25 })
  const process = ve({ sigmaMax: 10 })
  const problem = { process, score: data.diffused(process).score }

  const corrector = langevin({ snr: 0.16 })
  const pairs = {
    predictor: reverseDiffusion(),
    reverseDiffusionLangevin: predictorCorrector(reverseDiffusion(), corrector),
    ancestralLangevin2: predictorCorrector(ancestral(), corrector, {
      correctorSteps: 2,
    }),
    corrector: predictorCorrector(ancestral(), underdampedLangevin()),
  }
  // #endregion
  async function run(sampler: Sampler): Promise<number[]> {
    const options = { key: key(0), shape: [count, 1], steps }
    for await (const { x, index, evaluations } of trajectory(problem, sampler, options)) {
      if (index < steps) continue
      const { mean, covariance } = await moments(x)
      return [mean[0]!, covariance[0]![0]!, evaluations]
    }
    return []
  }
  const found: Record<string, number[]> = {}
  for (const [name, sampler] of Object.entries(pairs)) found[name] = await run(sampler)
  return found
}

await show(import.meta.url, main)
