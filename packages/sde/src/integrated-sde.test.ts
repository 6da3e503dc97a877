import { tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { integratedSde } from './integrated-sde'
import { cosine } from './processes/cosine'
import { sigmaT } from './processes/sigma-t'
import { subVp } from './processes/sub-vp'
import { ve } from './processes/ve'
import { vp } from './processes/vp'

const truths = {
  vp: vp(),
  subVp: subVp(),
  sigmaT: sigmaT(),
  cosine: cosine(),
  veExact: ve({ variance: 'exact' }),
}

describe('integratedSde', () => {
  it.each(Object.entries(truths))('finds the marginals of %s from f and g alone', async (_, truth) => {
    const { drift, diffusion, interval } = truth
    const process = integratedSde({ drift, diffusion, interval })
    const times = [1e-8, 1e-6, 1e-5, 1e-3, 0.02, 0.3, 0.77, 0.95, 1].map((u) =>
      Math.fround(u * interval[1] * 0.9999999),
    )
    for (const t of times) {
      const [got, wanted] = [process.marginal(t), truth.marginal(t)]
      expect(got.alpha / wanted.alpha).toBeCloseTo(1, 11)
      expect(got.sigma / wanted.sigma).toBeCloseTo(1, 11)
    }
    const at = process.marginalAt(tensor(Float32Array.from(times)))
    const [alpha, sigma] = [await at.alpha.data(), await at.sigma.data()]
    for (const [i, t] of times.entries()) {
      expect(Math.abs(alpha[i]! / truth.marginal(t).alpha - 1)).toBeLessThan(1e-6)
      expect(Math.abs(sigma[i]! / truth.marginal(t).sigma - 1)).toBeLessThan(1e-6)
    }
  })

  it('starts at the given sigma and runs over any interval', () => {
    const process = integratedSde({ drift: () => -1, diffusion: () => 2, interval: [1, 3], startSigma: 0.5 })
    const decay = Math.exp(-2 * 1.3)
    expect(process.marginal(1)).toEqual({ alpha: 1, sigma: 0.5 })
    expect(process.marginal(2.3).alpha).toBeCloseTo(Math.exp(-1.3), 12)
    expect(process.marginal(2.3).sigma ** 2).toBeCloseTo(0.25 * decay + 2 * (1 - decay), 12)
  })

  it('leaves nothing alive but the marginals', () => {
    const { drift, diffusion } = truths.vp
    const process = integratedSde({ drift, diffusion })
    const t = tensor([0.5])
    expectNoLeaks(() => process.marginalAt(t))
  })

  it('checks its options', () => {
    const good = { drift: () => 0, diffusion: () => 1 }
    expect(() => integratedSde({ ...good, interval: [1, 1] })).toThrow(
      'integratedSde: expected interval start < interval end, got 1 and 1',
    )
    expect(() => integratedSde({ ...good, startSigma: -1 })).toThrow('expected startSigma >= 0, got -1')
    expect(() => integratedSde({ ...good, priorSigma: 0 })).toThrow('expected priorSigma > 0, got 0')
    expect(() => integratedSde({ ...good, cutOffs: { sample: 1 } })).toThrow(
      'expected cutOffs.sample in [0, 1), got 1',
    )
    expect(() => integratedSde(good).marginal(1.5)).toThrow('integratedSde: expected t in [0, 1], got 1.5')
    expect(() => integratedSde({ ...good, drift: (t) => -1 / t })).toThrow('integratedSde: expected')
  })
})
