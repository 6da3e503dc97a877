import { tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import type { Arithmetic } from './arithmetic'
import type { LinearSdeOptions } from './closed-form'
import { linearSde } from './linear-sde'

/** dx = −x dt + √2 t dw, by its marginals: σ² = 2∫s²e^{−2(t−s)}ds = t² − t + ½(1 − e^{−2t}). */
const marginal: LinearSdeOptions['marginal'] = (m, t) => {
  const decay = m.mul(m.expm1(m.mul(t, -2)), -0.5)
  return { alpha: m.exp(m.neg(t)), sigma: m.sqrt(m.add(m.sub(m.square(t), t), decay)) }
}

describe('linearSde', () => {
  it('derives f and g of a user’s own marginals, exactly', () => {
    const process = linearSde({ marginal })
    for (const t of [0.05, 0.3, 1]) {
      expect(process.drift(t)).toBeCloseTo(-1, 12)
      expect(process.diffusion(t)).toBeCloseTo(Math.SQRT2 * t, 9)
    }
  })

  it('differentiates every operation of the arithmetic', () => {
    const process = linearSde({
      interval: [0.1, 1],
      marginal: (m, t) => ({
        alpha: m.div(m.mul(m.cos(t), m.exp(m.tan(m.mul(t, 0.5)))), m.add(m.square(t), 1)),
        sigma: m.mul(m.mul(m.log(m.add(t, 1)), m.sqrt(t)), m.add(m.sin(t), m.constant(2, t))),
      }),
    })
    const h = 1e-5
    for (const t of [0.2, 0.6, 0.9]) {
      const [low, high] = [process.marginal(t - h), process.marginal(t + h)]
      const f = (Math.log(high.alpha) - Math.log(low.alpha)) / (2 * h)
      const slope = (high.sigma ** 2 - low.sigma ** 2) / (2 * h)
      expect(process.drift(t)).toBeCloseTo(f, 7)
      expect(process.diffusion(t) ** 2).toBeCloseTo(slope - 2 * f * process.marginal(t).sigma ** 2, 7)
    }
  })

  it('runs the same formula on tensors', async () => {
    const at = linearSde({ marginal }).marginalAt(tensor([0.25, 1]))
    expect(Array.from(await at.alpha.data())).toEqual([0.25, 1].map((t) => expect.closeTo(Math.exp(-t), 6)))
  })

  it('takes coefficients, interval, prior and cut-offs in place of its defaults', () => {
    const process = linearSde({
      marginal,
      drift: () => -7,
      diffusion: () => 3,
      interval: [0, 2],
      priorSigma: 5,
      cutOffs: { train: 0.5 },
    })
    expect([process.drift(1), process.diffusion(1), process.prior.sigma]).toEqual([-7, 3, 5])
    expect(process.cutOffs).toEqual({ train: 0.5, sample: 2e-3, likelihood: 2e-5 })
    expect(linearSde({ marginal }).prior.sigma).toBe(linearSde({ marginal }).marginal(1).sigma)
  })

  it('refuses times outside the interval and options out of range', () => {
    const process = linearSde({ marginal, name: 'mine' })
    expect(() => process.marginal(1.1)).toThrow('mine: expected t in [0, 1], got 1.1')
    expect(() => process.drift(Number.NaN)).toThrow('mine: expected t in [0, 1], got NaN')
    expect(() => process.diffusion(-0.1)).toThrow('mine: expected t in [0, 1], got -0.1')
    expect(process.marginal(1 + 1e-7).alpha).toBeCloseTo(Math.exp(-1), 6)
    expect(() => linearSde({ marginal, interval: [1, 0] })).toThrow('expected interval start < interval end')
    expect(() => linearSde({ marginal, priorSigma: -1 })).toThrow(
      'linearSde: expected priorSigma > 0, got -1',
    )
    expect(() => linearSde({ marginal, cutOffs: { likelihood: 2 } })).toThrow(
      'expected cutOffs.likelihood in [0, 1)',
    )
  })

  it.each<[part: object, message: string]>([
    [{ marginal: () => null }, 'marginal(m, t) to give alpha and sigma, got null'],
    [{ marginal: () => null, priorSigma: 1 }, 'marginal(m, t) to give alpha and sigma, got null'],
    [{ marginal: () => ({ alpha: 1 }) }, 'marginal(m, t) to give alpha and sigma, got Object'],
    [{ drift: 3 }, 'drift to be a function, got 3'],
    [{ diffusion: null }, 'diffusion to be a function, got null'],
    [{ name: Symbol('mine') }, 'name to be a string, got Symbol(mine)'],
  ])('refuses %o', (part, message) => {
    expect(() => linearSde({ marginal, ...part })).toThrow(`linearSde: expected ${message}`)
  })

  it('says so where a marginal is lost at other times', () => {
    const sometimes = {
      marginal: <T>(m: Arithmetic<T>, t: T) => ((t as unknown) === 1 ? marginal(m, t) : (null as never)),
    }
    const process = linearSde(sometimes)
    const message = 'linearSde: expected marginal(m, t) to give alpha and sigma, got null'
    expect(() => process.marginal(0.5)).toThrow(message)
    expect(() => process.drift(0.5)).toThrow(message)
    expect(() => process.diffusion(0.5)).toThrow(message)
    expectNoLeaks(() => {
      const t = tensor([0.5])
      expect(() => process.marginalAt(t)).toThrow(message)
      t.dispose()
    })
  })
})
