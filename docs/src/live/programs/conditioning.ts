import {
  ancestral,
  dpmSolverPlusPlus,
  dps,
  langevin,
  matrixOperator,
  piGdm,
  predictorCorrector,
  replacement,
} from '@sgm/samplers'
import { gaussian, mixturePosterior, type ScoreFunction } from '@sgm/score'
import { vp } from '@sgm/sde'
import { add, dispose, key, mul, sub, tensor } from '@sgm/tensor'
import { rule } from '@sgm/viz'
import { conditioning } from '../demos/conditioning'
import { program } from '../program'
import { beside } from './pictures'
import { cloud, momentsOf, sampled, under } from './toy'

const prior = gaussian({
  covariance: [
    [0.7, 0.5],
    [0.5, 0.7],
  ],
})
const matrix = [[1, 0]]
const COUNT = 2000

export default program(conditioning, async function* ({ method, observation, noise, strength }, tools) {
  const { say, compile } = tools
  const process = vp()
  const { score } = prior.diffused(process)
  const known = { data: tensor([[observation, 0]]), mask: tensor([1, 0]) }
  const measurement = { operator: matrixOperator(matrix), observation: tensor([[observation]]), noise }
  const exactly = method === 'replacement'
  const posterior = mixturePosterior(prior, {
    matrix,
    observation: [observation],
    noiseCovariance: exactly ? 1e-4 : noise ** 2,
  })

  /** The score, and the guidance by its strength. */
  const weighed = (guided: ScoreFunction): ScoreFunction =>
    strength === 1 ? guided : (x, t) => add(score(x, t), mul(sub(guided(x, t), score(x, t)), strength))
  const ways = {
    pigdm: () => ({
      score: weighed(piGdm(process, score, measurement, { dataVariance: 0.7 })),
      sampler: dpmSolverPlusPlus(),
      steps: 30,
    }),
    dps: () => ({ score: weighed(dps(process, score, measurement)), sampler: ancestral(), steps: 200 }),
    replacement: () => {
      const corrector = replacement(langevin({ snr: 0.3 }), known)
      return {
        score,
        sampler: predictorCorrector(replacement(ancestral(), known), corrector, { correctorSteps: 4 }),
        steps: 40,
      }
    },
  }
  const way =
    method === 'pigdm' || method === 'dps' || method === 'replacement' ? ways[method]() : ways.pigdm()
  const [before, after] = [await under(prior), await under(posterior)]
  try {
    const run = { process, key: key(0), count: COUNT, ...way, compile }
    for await (const { points, progress } of sampled(run)) {
      const [mean, variance] = momentsOf(points, 1)
      yield {
        picture: await beside([
          cloud(before, points, { title: say({ en: 'On the prior', ko: '사전 분포 위에서' }) }, [
            rule({ x: observation }),
          ]),
          cloud(
            after,
            points,
            { title: say({ en: 'On the exact posterior', ko: '정확한 사후분포 위에서' }) },
            [rule({ x: observation })],
          ),
        ]),
        facts: [
          {
            name: 'mean',
            label: { en: 'Mean of x₂ given y', ko: 'y가 주어진 x₂의 평균' },
            value: mean,
            truth: posterior.mean[1]!,
          },
          {
            name: 'variance',
            label: { en: 'Variance of x₂ given y', ko: 'y가 주어진 x₂의 분산' },
            value: variance,
            truth: posterior.covariance[1]![1]!,
          },
        ],
        progress,
      }
    }
  } finally {
    dispose([known, measurement.observation])
  }
})
