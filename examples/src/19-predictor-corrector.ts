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
  const data = gaussian({ mean: [2], covariance: 0.25 })
  const process = ve({ sigmaMax: 10 })
  const problem = { process, score: data.diffused(process).score }
  async function run(sampler: Sampler): Promise<number[]> {
    for await (const { x, index, evaluations } of trajectory(problem, sampler, {
      key: key(0),
      shape: [count, 1],
      steps,
    })) {
      if (index < steps) continue
      const { mean, covariance } = await moments(x)
      return [mean[0]!, covariance[0]![0]!, evaluations]
    }
    return []
  }
  return {
    predictor: await run(reverseDiffusion()),
    reverseDiffusionLangevin: await run(predictorCorrector(reverseDiffusion(), langevin({ snr: 0.16 }))),
    ancestralLangevin2: await run(
      predictorCorrector(ancestral(), langevin({ snr: 0.16 }), { correctorSteps: 2 }),
    ),
    corrector: await run(predictorCorrector(ancestral(), underdampedLangevin())),
  }
}

await show(import.meta.url, main)
