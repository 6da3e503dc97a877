import { gaussian, gaussianMixture } from '@sgm/score'
import { vp } from '@sgm/sde'
import { dispose, key, tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { sample } from '../run'
import { affineLaw } from '../testing/affine-law'
import { measuredOrder } from '../testing/quantile-flow'
import { ancestral } from './ancestral'
import { ddim } from './ddim'

const process = vp()

describe('ddim', () => {
  it('is of order 1 on the exact map of a mixture', async () => {
    expect(Math.abs((await measuredOrder(ddim(), 16)) - 1)).toBeLessThan(0.1)
  })

  it('keeps the law of data at one point exactly, whatever its steps and its share of noise', async () => {
    const problem = { process, ...gaussian({ mean: [0.7], covariance: 1e-12 }).diffused(process) }
    const { alpha, sigma } = process.marginal(1)
    for (const eta of [0, 0.3, 1]) {
      const start = { mean: alpha * 0.7, variance: sigma ** 2 }
      const { mean, variance } = await affineLaw(problem, ddim({ eta }), [1, 0.7, 0.3, 0.1], start)
      const end = process.marginal(0.1)
      expect(mean).toBeCloseTo(end.alpha * 0.7, 4)
      expect(variance).toBeCloseTo(end.sigma ** 2, 4)
    }
  })

  it('is ancestral sampling at eta = 1', async () => {
    const problem = { process, ...gaussianMixture().diffused(process) }
    const x = tensor([[0.4, -1], [-2, 0.1]]) // biome-ignore format: rows
    const [one, other] = await Promise.all(
      [ddim({ eta: 1 }), ancestral()].map(async (sampler) =>
        Array.from(await (await sample(problem, sampler, { key: key(3), x, steps: 5 })).data()),
      ),
    )
    for (const [i, value] of one!.entries()) expect(value).toBeCloseTo(other![i]!, 4)
    dispose(x)
  })

  it('refuses to go forward with noise', async () => {
    const problem = { process, ...gaussian({ mean: [0], covariance: 1 }).diffused(process) }
    const x = tensor([[0]])
    const run = sample(problem, ddim({ eta: 0.5 }), { key: key(0), x, times: [0.1, 0.5] })
    await expect(run).rejects.toThrow('ddim: expected times that fall')
  })
})
