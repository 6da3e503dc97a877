import { gaussian } from '@sgm/score'
import { edm, logSnrGrid, vp } from '@sgm/sde'
import { dispose, key, tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { sample } from '../run'
import { affineLaw } from '../testing/affine-law'
import { measuredOrder } from '../testing/quantile-flow'
import { dpmSolverPlusPlus } from './dpm-solver-plus-plus'

describe('dpmSolverPlusPlus', () => {
  it.each([
    { order: 1, steps: 16 },
    { order: 2, steps: 32 },
    { order: 2, steps: 32, variant: 'heun' as const },
    { order: 3, steps: 64 },
  ])('is of order $order on the exact map of a mixture', async ({ steps, ...options }) => {
    const { order } = options
    const sampler = dpmSolverPlusPlus(options)
    expect(sampler.order).toBe(order)
    expect(Math.abs((await measuredOrder(sampler, steps)) - order)).toBeLessThan(order === 3 ? 0.3 : 0.2)
  })

  it.each([
    { order: 1, steps: 64 },
    { order: 2, steps: 32 },
  ])('is of weak order $order when stochastic, on Gaussian data', async ({ order, steps }) => {
    const process = vp()
    const [mean, variance] = [0.5, 4]
    const problem = { process, ...gaussian({ mean: [mean], covariance: variance }).diffused(process) }
    const lawAt = (t: number) => {
      const { alpha, sigma } = process.marginal(t)
      return { mean: alpha * mean, variance: alpha ** 2 * variance + sigma ** 2 }
    }
    const error = async (n: number): Promise<number> => {
      const times = logSnrGrid()(process, { steps: n, start: 1, end: 0.05 })
      const law = await affineLaw(problem, dpmSolverPlusPlus({ order, stochastic: true }), times, lawAt(1))
      return Math.abs(law.variance - lawAt(0.05).variance)
    }
    const [coarse, fine] = [await error(steps), await error(2 * steps)]
    expect(Math.abs(Math.log2(coarse / fine) - order)).toBeLessThan(0.2)
  })

  it('ends a run where there is no noise with the predicted data', async () => {
    const process = edm()
    const { score } = gaussian({ mean: [2], covariance: 1 }).diffused(process)
    const x = tensor([[5]])
    const y = await sample({ process, score }, dpmSolverPlusPlus(), { key: key(0), x, times: [3, 1, 0] })
    // E[x₀ | x₁] for the state that the first step leaves: 5 → 5/3 + 2/3 · E[x₀ | x₃ = 5]
    const first = 5 / 3 + (2 / 3) * ((5 * 1 + 2 * 9) / 10)
    expect((await y.data())[0]).toBeCloseTo((first + 2) / 2, 5)
    dispose([x, y])
  })
})
