import { gaussian } from '@sgm/score'
import { edm, karrasGrid, vp } from '@sgm/sde'
import { dispose, key, mul, type Tensor, tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { sample } from '../run'
import { affineLaw } from '../testing/affine-law'
import { measuredOrder } from '../testing/quantile-flow'
import { edmHeun } from './edm-heun'

describe('edmHeun', () => {
  it('is of order 2 on the exact map of a mixture', async () => {
    expect(Math.abs((await measuredOrder(edmHeun(), 32)) - 2)).toBeLessThan(0.2)
  })

  it.each([
    { name: 'vp', process: vp(), end: 0.02 },
    { name: 'edm', process: edm({ sigmaMax: 10 }), end: 0.1 },
  ])('keeps the law of Gaussian data however much noise it adds and takes away ($name)', async (option) => {
    const { process, end } = option
    const problem = { process, ...gaussian({ mean: [0.5], covariance: 0.25 }).diffused(process) }
    const lawAt = (t: number) => {
      const { alpha, sigma } = process.marginal(t)
      return { mean: alpha * 0.5, variance: alpha ** 2 * 0.25 + sigma ** 2 }
    }
    const start = process.interval[1]
    const error = async (steps: number, churn: number, noise = 1): Promise<number> => {
      const times = karrasGrid()(process, { steps, start, end })
      const { mean, variance } = await affineLaw(problem, edmHeun({ churn, noise }), times, lawAt(start))
      return Math.abs(mean - lawAt(end).mean) + Math.abs(variance - lawAt(end).variance)
    }
    for (const churn of [0, 5]) {
      const [coarse, fine] = [await error(24, churn), await error(48, churn)]
      expect(fine).toBeLessThan(8e-3)
      expect(Math.abs(Math.log2(coarse / fine) - 2)).toBeLessThan(0.2)
    }
    // at its bound the share of noise does not fall with the step
    expect(Math.log2((await error(24, 80)) / (await error(48, 80)))).toBeGreaterThan(0.9)
    expect(await error(48, 20, 1.2)).toBeGreaterThan(3 * (await error(48, 20)))
  })

  it('adds the noise that it is asked for, as little in each step as there are steps', async () => {
    // where the score is 0 nothing takes the noise away
    const problem = { process: edm(), score: (x: Tensor) => mul(x, 0) }
    const [times, churn] = [[10, 5, 1, 0.1], 0.6]
    const { variance } = await affineLaw(problem, edmHeun({ churn }), times, { mean: 0, variance: 0 })
    const added = [10, 5, 1].reduce((sum, rho) => sum + rho ** 2 * ((1 + churn / 3) ** 2 - 1), 0)
    expect(variance / added).toBeCloseTo(1, 4)
  })

  it('adds noise between its two levels alone', async () => {
    const process = edm()
    const problem = { process, ...gaussian({ mean: [0], covariance: 1 }).diffused(process) }
    const x = tensor([[3]])
    const end = async (options: object, source = 1): Promise<number> => {
      const times = [10, 5, 1, 0.1]
      const y = await sample(problem, edmHeun(options), { key: key(source), x, times })
      const [value] = await y.data()
      y.dispose()
      return value!
    }
    const still = await end({})
    expect(await end({ churn: 1, churnFrom: 11 })).toBe(still)
    expect(await end({ churn: 1, churnTo: 0.5 })).toBe(still)
    const once = { churn: 1, churnFrom: 4, churnTo: 6 }
    expect(await end(once)).not.toBe(still)
    expect(await end(once)).not.toBe(await end(once, 2))
    dispose(x)
  })
})
