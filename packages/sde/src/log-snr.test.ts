import { describe, expect, it } from 'vitest'
import { halfLogSnr, logSnr, timeOfHalfLogSnr, timeOfLogSnr } from './log-snr'
import { edm } from './processes/edm'
import { ve } from './processes/ve'
import { vp } from './processes/vp'

describe('logSnr', () => {
  it('is ln(α²/σ²)', () => {
    expect(logSnr(edm(), 3)).toBeCloseTo(-2 * Math.log(3), 14)
    const { alpha, sigma } = vp().marginal(0.4)
    expect(logSnr(vp(), 0.4)).toBeCloseTo(Math.log(alpha ** 2 / sigma ** 2), 12)
    expect(halfLogSnr(vp(), 0)).toBe(Number.POSITIVE_INFINITY)
  })

  it('is inverted in closed form where one is known', () => {
    // VE: λ = −ln σ_min − t ln r. VP: ln(1 + e^{−2λ}) = ½t²·19.9 + 0.1t (Lu et al. 2022, appendix D.4).
    for (const lambda of [-3.5, -1, 0, 2, 4]) {
      expect(timeOfHalfLogSnr(ve(), lambda)).toBeCloseTo((-lambda - Math.log(0.01)) / Math.log(5000), 13)
      const l = 2 * Math.log1p(Math.exp(-2 * lambda))
      expect(timeOfHalfLogSnr(vp(), lambda)).toBeCloseTo(l / (0.1 + Math.sqrt(0.01 + 19.9 * l)), 13)
      expect(timeOfLogSnr(edm(), lambda)).toBeCloseTo(Math.exp(-lambda / 2), 13)
    }
  })

  it('keeps relative accuracy at tiny times, and reaches both ends', () => {
    expect(timeOfHalfLogSnr(edm(), -Math.log(1e-9)) / 1e-9).toBeCloseTo(1, 12)
    expect(timeOfHalfLogSnr(edm(), -Math.log(80))).toBeCloseTo(80, 10)
    expect(timeOfHalfLogSnr(ve(), -Math.log(0.01))).toBe(0)
    expect(timeOfHalfLogSnr(vp(), halfLogSnr(vp(), 1))).toBeCloseTo(1, 13)
  })

  it('refuses what the process does not reach', () => {
    expect(() => timeOfHalfLogSnr(ve(), 5)).toThrow('timeOfHalfLogSnr: expected lambda in [')
    expect(() => timeOfHalfLogSnr(vp(), -9)).toThrow('got -9')
    expect(() => timeOfLogSnr(vp(), Number.NaN)).toThrow('got NaN')
  })
})
