import { grad, sum, tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { transition } from './kernel'
import { halfLogSnr, timeOfHalfLogSnr } from './log-snr'
import { tabulatedVp } from './tabulated-vp'

const betas = Array.from({ length: 1000 }, (_, i) => 1e-4 + (i / 999) * (0.02 - 1e-4))
let product = 1
const alphasCumprod = betas.map((beta) => {
  product *= 1 - beta
  return product
})
const process = tabulatedVp({ alphasCumprod })

describe('tabulatedVp', () => {
  it('has the marginals of DDPM at the steps, and no noise at 0', () => {
    for (const step of [0, 1, 499, 999]) {
      const { alpha, sigma } = process.marginal(step + 1)
      expect(alpha ** 2 / alphasCumprod[step]!).toBeCloseTo(1, 12)
      expect(sigma ** 2 / (1 - alphasCumprod[step]!)).toBeCloseTo(1, 12)
    }
    expect(process.marginal(0)).toEqual({ alpha: 1, sigma: 0 })
  })

  it('has the transitions of DDPM: 1 − β and β', () => {
    for (const step of [1, 500, 999]) {
      const { alpha, sigma } = transition(process, step, step + 1)
      expect(alpha ** 2).toBeCloseTo(1 - betas[step]!, 12)
      expect(sigma ** 2).toBeCloseTo(betas[step]!, 12)
    }
  })

  it('is linear in λ between the steps, and in σ²/α² up to the first', () => {
    const between = halfLogSnr(process, 300.25)
    expect(between).toBeCloseTo(0.75 * halfLogSnr(process, 300) + 0.25 * halfLogSnr(process, 301), 12)
    expect(timeOfHalfLogSnr(process, between)).toBeCloseTo(300.25, 9)
    const ratio = (t: number): number => Math.exp(-2 * halfLogSnr(process, t))
    expect(ratio(0.3) / ratio(1)).toBeCloseTo(0.3, 12)
  })

  it.each([1e-6, 0.4, 1.5, 77.3, 640.5, 999.9])('has f and g of its marginals at t = %d', (t) => {
    const h = Math.min(1e-4, t / 4)
    const [low, high] = [process.marginal(t - h), process.marginal(t + h)]
    const f = (Math.log(high.alpha) - Math.log(low.alpha)) / (2 * h)
    const growth = (high.sigma ** 2 - low.sigma ** 2) / (2 * h)
    expect(process.drift(t) / f).toBeCloseTo(1, 5)
    expect(process.diffusion(t) ** 2 / (growth - 2 * f * process.marginal(t).sigma ** 2)).toBeCloseTo(1, 5)
  })

  it('stays finite at 0, and takes the piece that ends at a step', () => {
    expect(process.drift(0)).toBeCloseTo(-betas[0]! / 2 / (1 - betas[0]!), 12)
    expect(process.drift(10)).toBeCloseTo(process.drift(10 - 1e-9), 9)
    expect(process.diffusion(1) ** 2).toBeCloseTo(betas[0]!, 12)
  })

  it('is the same on tensors, and differentiable', async () => {
    const times = [0.01, 0.5, 1, 1.75, 2, 250.5, 999, 999.75, 1000]
    const t = tensor(times)
    const { alpha, sigma } = expectNoLeaks(() => process.marginalAt(t))
    const [alphas, sigmas] = [await alpha.data(), await sigma.data()]
    for (const [i, time] of times.entries()) {
      const wanted = process.marginal(time)
      expect(Math.abs(alphas[i]! / wanted.alpha - 1)).toBeLessThan(2e-6)
      expect(Math.abs(sigmas[i]! / wanted.sigma - 1)).toBeLessThan(2e-6)
    }
    const slopes = await grad((at: typeof t) => sum(process.marginalAt(at).sigma))(
      tensor([0.5, 250.5]),
    ).data()
    for (const [i, time] of [0.5, 250.5].entries()) {
      const { sigma: deviation } = process.marginal(time)
      const wanted = process.drift(time) * deviation + process.diffusion(time) ** 2 / (2 * deviation)
      expect(Math.abs(slopes[i]! / wanted - 1)).toBeLessThan(1e-4)
    }
  })

  it('checks its options', () => {
    for (const wrong of [[0.9], [0.9, 0.95], [1, 0.5], [0.5, 0]]) {
      expect(() => tabulatedVp({ alphasCumprod: wrong })).toThrow(
        'tabulatedVp: expected alphasCumprod to be two values or more that fall in (0, 1)',
      )
    }
    expect(() => tabulatedVp({ alphasCumprod, priorSigma: 0 })).toThrow('expected priorSigma > 0, got 0')
    expect(() => process.marginal(1001)).toThrow('tabulatedVp: expected t in [0, 1000], got 1001')
  })
})
