import { gaussian, gaussianMixture, type ScoreFunction } from '@sgm/score'
import { type LinearSDE, sigmaT, subVp, ve, vp } from '@sgm/sde'
import { foldIn, key, mean, mul, ones, tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { uniformTimes } from '../times'
import { type LikelihoodBoundOptions, likelihoodBound } from './likelihood-bound'

const target = gaussianMixture({
  means: [
    [-1, 0.5],
    [1, -0.3],
  ],
  weights: [0.3, 0.7],
  covariances: [0.2, [0.3, 0.1]],
})
const points = [
  [0.8, -0.4],
  [-1.2, 0.9],
]

/** The bound at one point, with its standard error over 10 batches of 800 draws. */
async function boundAt(
  point: number[],
  process: LinearSDE,
  score: ScoreFunction,
  options: LikelihoodBoundOptions = {},
) {
  const loss = likelihoodBound({ process, stratified: true, ...options })
  const x = mul(ones([800, 1]), tensor([point]))
  const means: number[] = []
  for (let batch = 0; batch < 10; batch++) {
    const row = mean(loss.evaluate(score, x, loss.draw(foldIn(key(1), batch), [800, 2])))
    means.push((await row.data())[0]!)
  }
  const average = means.reduce((a, b) => a + b) / 10
  const variance = means.reduce((s, v) => s + (v - average) ** 2, 0) / 9
  return { mean: average, error: Math.sqrt(variance / 10) }
}

const processes = { ve: ve({ sigmaMax: 20 }), vp: vp(), subVp: subVp(), sigmaT: sigmaT() }

describe.each(Object.entries(processes))('likelihoodBound of %s', (_, process) => {
  const truth = target.diffused(process).score

  it('meets −log p at the exact score, point by point', async () => {
    for (const point of points) {
      const [logDensity] = await target.logDensity(tensor([point])).data()
      const { mean, error } = await boundAt(point, process, truth)
      // The prior is not exactly p_T: at σ_T = 20 it is off by |x|²/σ_T² and var/2σ_T², together below 5e-3 here.
      expect(Math.abs(mean + logDensity!)).toBeLessThan(5 * error + 5e-3)
      expect(error).toBeLessThan(0.1)
    }
  })

  it('lies above it at a wrong score', async () => {
    const wrong: ScoreFunction = (x, t) => mul(truth(x, t), 0.5)
    for (const point of points) {
      const [logDensity] = await target.logDensity(tensor([point])).data()
      const { mean, error } = await boundAt(point, process, wrong)
      expect(mean - 5 * error).toBeGreaterThan(-logDensity!)
    }
  })
})

describe('likelihoodBound', () => {
  it('is −log N(x; 0, I) for the score −x of VP, for which p_t stays N(0, I)', async () => {
    const { mean, error } = await boundAt([1.5, -0.5], vp(), (x) => mul(x, -1))
    expect(Math.abs(mean - (Math.log(2 * Math.PI) + 1.25))).toBeLessThan(5 * error + 1e-4)
  })

  it('has the same mean with uniform times', async () => {
    const process = vp()
    const truth = target.diffused(process).score
    const [tabulated, uniform] = [
      await boundAt([0, 0], process, truth, { cutOff: 0.01 }),
      await boundAt([0, 0], process, truth, { cutOff: 0.01, times: uniformTimes }),
    ]
    expect(Math.abs(tabulated.mean - uniform.mean)).toBeLessThan(
      5 * Math.hypot(tabulated.error, uniform.error),
    )
  })

  it('averages to the entropy of Gaussian data, −E log p', async () => {
    const data = gaussian({ mean: [1, 2], covariance: [0.5, 2] })
    const process = vp()
    const n = 5000
    const loss = likelihoodBound({ process })
    const x = data.sample(key(2), n)
    const values = Array.from(
      await loss.evaluate(data.diffused(process).score, x, loss.draw(key(3), [n, 2])).data(),
    )
    const mean = values.reduce((a, b) => a + b) / n
    const error = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0)) / n
    expect(Math.abs(mean - (Math.log(2 * Math.PI) + 1))).toBeLessThan(5 * error + 1e-3)
  })

  it('refuses to go down to where there is no noise', () => {
    expect(() => likelihoodBound({ cutOff: 0 })).toThrow('likelihoodBound: expected cutOff with noise, got 0')
  })
})
