import { gaussianMixture } from '@sgm/score'
import { subVp, ve, vp } from '@sgm/sde'
import { key } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { normalCdf } from '../annealing/normal-cdf'
import { trajectory } from '../run'
import { eulerMaruyama } from './euler-maruyama'
import { odeHeun } from './ode-heun'

const [weights, means, deviation] = [[0.2, 0.8], [-1, 1], 0.4] as const
const rows = 1200

/** Largest distance between the distribution functions of samples and of the mixture at time t. */
function distance(samples: number[], { alpha, sigma }: { alpha: number; sigma: number }): number {
  const spread = Math.hypot(alpha * deviation, sigma)
  const cdf = (x: number) =>
    weights.reduce((sum, w, k) => sum + w * normalCdf((x - alpha * means[k]!) / spread), 0)
  const sorted = samples.sort((a, b) => a - b)
  return sorted.reduce((most, x, i) => Math.max(most, Math.abs(cdf(x) - (i + 0.5) / rows)), 0)
}

describe.each([
  { name: 'vp', process: vp() },
  { name: 'subVp', process: subVp() },
  { name: 've', process: ve({ sigmaMax: 10 }) },
])('over $name', ({ process }) => {
  it.each([
    { sampler: eulerMaruyama(), steps: 160 },
    { sampler: odeHeun(), steps: 40 },
  ])('$sampler.name has the marginals of the process all the way', async ({ sampler, steps }) => {
    const target = gaussianMixture({
      weights: [...weights],
      means: means.map((mean) => [mean]),
      covariances: means.map(() => deviation ** 2),
    })
    const problem = { process, ...target.diffused(process) }
    const run = trajectory(problem, sampler, { key: key(9), shape: [rows, 1], steps, end: 0.02 })
    for await (const { x, t, index } of run) {
      if (index === 0 || index % (steps / 4) !== 0) continue
      // Kolmogorov's distance at a level of 1 in 1000, and a third more for the steps
      const bound = 1.95 / Math.sqrt(rows)
      expect(distance(Array.from(await x.data()), process.marginal(t))).toBeLessThan(1.3 * bound)
    }
  })
})
