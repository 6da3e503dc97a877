import { gaussian } from '@sgm/score'
import { edm, vp } from '@sgm/sde'
import { dispose, key, tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { decode, encode } from '../latent'
import { sample } from '../run'
import { measuredOrder } from '../testing/quantile-flow'
import { dpmSolver } from './dpm-solver'

describe('dpmSolver', () => {
  it.each([
    { order: 1, steps: 16 },
    { order: 2, steps: 16 },
    { order: 3, steps: 8 },
  ])('is of order $order on the exact map of a mixture', async ({ order, steps }) => {
    const sampler = dpmSolver({ order })
    expect(sampler.order).toBe(order)
    expect(Math.abs((await measuredOrder(sampler, steps)) - order)).toBeLessThan(0.3)
  })

  it('is exact at any step where the predicted noise is constant', async () => {
    // data at one point: x/α moves along a straight line in σ/α
    const process = vp()
    const { score } = gaussian({ mean: [0.7], covariance: 1e-12 }).diffused(process)
    for (const order of [1, 2, 3]) {
      const x = tensor([[1.3]])
      const y = await sample({ process, score }, dpmSolver({ order }), { key: key(0), x, steps: 2, end: 0.1 })
      const [from, to] = [process.marginal(1), process.marginal(0.1)]
      const exact = to.alpha * 0.7 + (to.sigma / from.sigma) * (1.3 - from.alpha * 0.7)
      expect((await y.data())[0]).toBeCloseTo(exact, 4)
      dispose([x, y])
    }
  })

  it('takes codes back to where they came from', async () => {
    const process = vp()
    const problem = { process, ...gaussian({ mean: [0.5], covariance: 0.3 }).diffused(process) }
    const x = tensor([[0.2], [1.4]])
    const options = { sampler: dpmSolver(), steps: 24, time: 0.01 }
    const codes = await encode(problem, x, options)
    const back = Array.from(await (await decode(problem, codes, options)).data())
    expect(back[0]).toBeCloseTo(0.2, 3)
    expect(back[1]).toBeCloseTo(1.4, 3)
  })

  it('ends with the predicted data where there is no noise', async () => {
    const process = edm()
    const { score } = gaussian().diffused(process)
    const x = tensor([[3, -4]])
    const end = await sample({ process, score }, dpmSolver(), { key: key(0), x, times: [2, 0] })
    // E[x₀ | x] = x/(1 + σ²) of N(0, I)
    const values = Array.from(await end.data())
    expect(values).toEqual([expect.closeTo(0.6, 5), expect.closeTo(-0.8, 5)])
  })
})
