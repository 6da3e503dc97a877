import { describe, expect, it } from 'vitest'
import { cosine } from './cosine'
import { edm } from './edm'
import { rectifiedFlow } from './rectified-flow'
import { sigmaT } from './sigma-t'
import { subVp } from './sub-vp'
import { ve } from './ve'
import { vp } from './vp'

// The published formulas, each written once more the way its paper prints it.
describe('processes against their published formulas', () => {
  const times = [1e-5, 0.01, 0.2, 0.5, 0.83, 0.99]

  it.each(times)('ve at %d', (t) => {
    const sigma = 0.01 * 5000 ** t
    expect(ve().marginal(t)).toEqual({ alpha: 1, sigma: expect.closeTo(sigma, 10) })
    expect(ve().diffusion(t)).toBeCloseTo(sigma * Math.sqrt(2 * (Math.log(50) - Math.log(0.01))), 8)
    expect(ve({ variance: 'exact' }).marginal(t).sigma ** 2).toBeCloseTo(sigma ** 2 - 1e-4, 8)
    expect(ve().prior.sigma).toBeCloseTo(50, 10)
  })

  it.each(times)('vp and subVp at %d', (t) => {
    const mean = Math.exp(-0.25 * t ** 2 * 19.9 - 0.5 * t * 0.1)
    const beta = 0.1 + 19.9 * t
    expect(vp().marginal(t).alpha).toBeCloseTo(mean, 14)
    expect(vp().marginal(t).sigma).toBeCloseTo(Math.sqrt(1 - mean ** 2), 10)
    expect(vp().drift(t)).toBeCloseTo(-0.5 * beta, 12)
    expect(vp().diffusion(t)).toBeCloseTo(Math.sqrt(beta), 12)
    expect(subVp().marginal(t).alpha).toBeCloseTo(mean, 14)
    expect(subVp().marginal(t).sigma).toBeCloseTo(1 - mean ** 2, 14)
    expect(subVp().drift(t)).toBeCloseTo(-0.5 * beta, 12)
    const discount = 1 - Math.exp(-2 * 0.1 * t - 19.9 * t ** 2)
    expect(subVp().diffusion(t)).toBeCloseTo(Math.sqrt(beta * discount), 7)
  })

  it.each(times)('sigmaT at %d', (t) => {
    const process = sigmaT()
    expect(process.marginal(t).sigma).toBeCloseTo(Math.sqrt((25 ** (2 * t) - 1) / 2 / Math.log(25)), 10)
    expect(process.diffusion(t)).toBeCloseTo(25 ** t, 12)
  })

  it.each(times)('cosine at %d', (t) => {
    const f = (u: number) => Math.cos((((u + 0.008) / 1.008) * Math.PI) / 2) ** 2
    expect(cosine().marginal(t).alpha ** 2).toBeCloseTo(f(t) / f(0), 14)
    expect(cosine().marginal(t).sigma ** 2).toBeCloseTo(1 - f(t) / f(0), 14)
    const plain = cosine({ offset: 0 }).marginal(t)
    expect(plain.alpha).toBeCloseTo(Math.cos((Math.PI * t) / 2), 14)
    expect(plain.sigma).toBeCloseTo(Math.sin((Math.PI * t) / 2), 14)
  })

  it.each(times)('edm and rectifiedFlow at %d', (t) => {
    expect(edm().marginal(80 * t)).toEqual({ alpha: 1, sigma: 80 * t })
    expect(rectifiedFlow().marginal(t)).toEqual({ alpha: 1 - t, sigma: t })
    // Flow matching runs from noise at 0 to data at 1: x = (1 − (1 − σ)u) z + u x₀ with u = 1 − t.
    const { alpha, sigma } = rectifiedFlow({ sigmaMin: 0.1 }).marginal(t)
    expect([alpha, sigma]).toEqual([1 - t, expect.closeTo(1 - 0.9 * (1 - t), 14)])
  })

  it('start with the reference noise or none, and keep the published cut-offs', () => {
    expect(ve().marginal(0).sigma).toBe(0.01)
    expect(ve({ variance: 'exact' }).marginal(0).sigma).toBe(0)
    expect(vp().marginal(0)).toEqual({ alpha: 1, sigma: 0 })
    expect(ve().cutOffs).toEqual({ train: 1e-5, sample: 1e-5, likelihood: 1e-5 })
    expect(subVp().cutOffs).toEqual({ train: 1e-5, sample: 1e-3, likelihood: 1e-5 })
    expect(vp({ cutOffs: { train: 0.01 } }).cutOffs).toEqual({ train: 0.01, sample: 1e-3, likelihood: 1e-5 })
    expect(edm().cutOffs).toEqual({ train: 0.002, sample: 0.002, likelihood: 0.002 })
  })

  it('keep sigma exact near 0, where 1 − α² has no digits left', () => {
    const t = 1e-17
    expect(vp().marginal(t).sigma / Math.sqrt(0.1 * t)).toBeCloseTo(1, 12)
    expect(cosine({ offset: 0 }).marginal(t).sigma / ((Math.PI / 2) * t)).toBeCloseTo(1, 12)
    expect(subVp().diffusion(t) / Math.sqrt(0.1 * 0.2 * t)).toBeCloseTo(1, 12)
  })

  it('check their options', () => {
    expect(() => ve({ sigmaMin: 0 })).toThrow('ve: expected sigmaMin > 0, got 0')
    expect(() => ve({ sigmaMin: 2, sigmaMax: 1 })).toThrow('ve: expected sigmaMin < sigmaMax, got 2 and 1')
    expect(() => ve({ variance: 'other' as never })).toThrow(
      "ve: expected variance 'reference' or 'exact', got other",
    )
    expect(() => vp({ betaMin: -1 })).toThrow('vp: expected betaMin >= 0, got -1')
    expect(() => subVp({ betaMax: Number.NaN })).toThrow('subVp: expected betaMax > 0, got NaN')
    expect(() => sigmaT({ sigma: 1 })).toThrow('sigmaT: expected sigma > 1, got 1')
    expect(() => cosine({ offset: 1 })).toThrow('cosine: expected offset in [0, 1), got 1')
    expect(() => cosine({ end: 1 })).toThrow('cosine: expected end in (0, 1), got 1')
    expect(() => edm({ sigmaMax: 0.001 })).toThrow('edm: expected sigmaMin < sigmaMax, got 0.002 and 0.001')
    expect(() => rectifiedFlow({ sigmaMin: -0.1 })).toThrow(
      'rectifiedFlow: expected sigmaMin in [0, 1), got -0.1',
    )
    expect(() => rectifiedFlow({ end: 0 })).toThrow('rectifiedFlow: expected end in (0, 1), got 0')
    expect(() => vp({ cutOffs: { sample: -1 } })).toThrow('vp: expected cutOffs.sample in [0, 1), got -1')
  })
})
