import { describe, expect, it } from 'vitest'
import * as processes from './14-processes'
import * as reverse from './15-reverse'
import * as weightings from './16-weightings'
import * as bound from './17-likelihood-bound'

const close = (values: readonly number[]) => values.map((v) => expect.closeTo(v, 6))

describe('SDEs', () => {
  it('14: know their mean, deviation, prior and coefficients', async () => {
    const t = 0.4
    const found = await processes.main({ t })
    const ratio = Math.log(50 / 0.01)
    const sigma = 0.01 * Math.exp(ratio * t)
    expect(found.ve).toEqual(close([1, sigma, 50, 0, sigma * Math.sqrt(2 * ratio)]))
    const [beta, integral] = [0.1 + 19.9 * t, 0.1 * t + (19.9 * t * t) / 2]
    const m = Math.exp(-integral / 2)
    expect(found.vp).toEqual(close([m, Math.sqrt(1 - m * m), 1, -beta / 2, Math.sqrt(beta)]))
    const subVp = Math.sqrt(beta * (1 - Math.exp(-2 * integral)))
    expect(found.subVp).toEqual(close([m, 1 - m * m, 1, -beta / 2, subVp]))
    const power = (s: number) => Math.sqrt((25 ** (2 * s) - 1) / (2 * Math.log(25)))
    expect(found.sigmaT).toEqual(close([1, power(t), power(1), 0, 25 ** t]))
    // g² = dσ²/dt − 2fσ² = 2t + 2t²
    expect(found.ownMarginal).toEqual(close([Math.exp(-t), t, 1, -1, Math.sqrt(2 * t + 2 * t * t)]))
    const grown = (s: number) => Math.sqrt(Math.expm1(2 * s) / 2)
    expect(found.ownCoefficients).toEqual(close([1, grown(t), grown(1), 0, Math.exp(t)]))
  })

  it('15: run to the prior, and back to the data', async () => {
    const count = 2000
    const { noised, reversed, data } = await reverse.main({ count, steps: 200 })
    const check = ([mean, variance]: number[], [m, v]: number[], bias: number) => {
      expect(Math.abs(mean! - m!)).toBeLessThan(4 * Math.sqrt(v! / count) + bias)
      expect(Math.abs(variance! / v! - 1)).toBeLessThan(4 * Math.sqrt(2 / count) + bias)
    }
    // Steps of 1/200 err by β/200, a tenth at most; on the way back by 3% of the variance.
    check(noised, [2 * Math.exp(-5.025), 1], 0.03)
    check(reversed, data, 0.04)
  })

  it('16: train by any weighting, with less variance by importance', async () => {
    const found = await weightings.main({ steps: 300 })
    // σ² = 0.61 at this time, so that the score 0 has an error of about 3.
    for (const name of ['balanced', 'likelihoodWeighting', 'own']) {
      expect(found[`error, ${name}`]!).toBeLessThan(0.4)
    }
    const [uniform, importance] = [found['deviation, uniformTimes']!, found['deviation, importanceTimes']!]
    expect(importance).toBeLessThan(uniform / 3)
    const error = Math.hypot(uniform, importance) / Math.sqrt(4000)
    expect(Math.abs(found['loss, uniformTimes']! - found['loss, importanceTimes']!)).toBeLessThan(4 * error)
  })

  it('17: bound the negative log-likelihood', async () => {
    for (const model of Object.values(await bound.main({ exactly: 50 }))) {
      expect(Math.abs(model.exact - model.flow)).toBeLessThan(2e-3)
      // Exact scores meet the bound, but for the prior's 1e-4.
      expect(Math.abs(model.boundAbove)).toBeLessThan(4 * model.standardError + 1e-4)
      expect(model.standardError).toBeLessThan(0.06)
    }
  })
})
