import { type LinearSDE, ve, vp } from '@sgm/sde'
import { item, key, type Tensor, tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { sample } from '../run'
import type { Sampler } from '../types'
import { ancestral } from './ancestral'
import { consistentAnnealed } from './consistent-annealed'
import { reverseDiffusion } from './reverse-diffusion'

/** One step from x = 0.7 where the score is −0.4: the next x, its mean and the noise between. */
async function step(sampler: Sampler, process: LinearSDE, t: number, s: number) {
  const x = tensor([[0.7]])
  const score = (x: Tensor) => tensor([[-0.4]], x.shape)
  const end = async (denoise: 'none' | 'mean') => {
    const normal = () => tensor([[1]])
    const options = { key: key(1), x, times: [t, s], denoise, normal }
    return item(await sample({ process, score }, sampler, options))
  }
  const mean = await end('mean')
  return { mean, noise: (await end('none')) - mean }
}

describe('the published discretisations', () => {
  const [t, s] = [0.6, 0.59]

  it('of VE: σ² differences', async () => {
    const process = ve({ sigmaMin: 0.1, sigmaMax: 5 })
    const [high, low] = [process.marginal(t).sigma, process.marginal(s).sigma]
    const gap = high ** 2 - low ** 2
    const reverse = await step(reverseDiffusion(), process, t, s)
    expect(reverse.mean).toBeCloseTo(0.7 + gap * -0.4, 6)
    expect(reverse.noise).toBeCloseTo(Math.sqrt(gap), 6)
    for (const sampler of [ancestral(), consistentAnnealed()]) {
      const { mean, noise } = await step(sampler, process, t, s)
      expect(mean).toBeCloseTo(0.7 + gap * -0.4, 6)
      expect(noise).toBeCloseTo(Math.sqrt((low ** 2 * gap) / high ** 2), 6)
    }
  })

  it('of VP: 1 − β_i', async () => {
    const process = vp()
    const beta = 1 - (process.marginal(t).alpha / process.marginal(s).alpha) ** 2
    const reverse = await step(reverseDiffusion(), process, t, s)
    expect(reverse.mean).toBeCloseTo((2 - Math.sqrt(1 - beta)) * 0.7 + beta * -0.4, 6)
    expect(reverse.noise).toBeCloseTo(Math.sqrt(beta), 6)
    const wide = await step(ancestral({ variance: 'transition' }), process, t, s)
    expect(wide.mean).toBeCloseTo((0.7 + beta * -0.4) / Math.sqrt(1 - beta), 6)
    expect(wide.noise).toBeCloseTo(Math.sqrt(beta), 6)
    const narrow = await step(ancestral(), process, t, s)
    const [to, from] = [1 - process.marginal(s).alpha ** 2, 1 - process.marginal(t).alpha ** 2]
    expect(narrow.noise).toBeCloseTo(Math.sqrt((beta * to) / from), 6)
  })
})

describe('consistent annealed sampling', () => {
  it('brings noise of one level to the next exactly, at any step size', async () => {
    const process = ve({ sigmaMin: 0.1, sigmaMax: 5 })
    const [t, s] = [0.6, 0.59]
    const [high, low] = [process.marginal(t).sigma, process.marginal(s).sigma]
    const eta = 0.06
    const { noise } = await step(consistentAnnealed({ stepSize: eta * low ** 2 }), process, t, s)
    expect(noise ** 2 + (1 - eta) ** 2 * high ** 2).toBeCloseTo(low ** 2, 5)
  })

  it('refuses a step too small for the ladder', async () => {
    const process = ve({ sigmaMin: 0.1, sigmaMax: 5 })
    await expect(step(consistentAnnealed({ stepSize: 1e-6 }), process, 0.6, 0.5)).rejects.toThrow(
      'consistentAnnealed: expected stepSize with |1 - eta| <= 0.67',
    )
  })
})
