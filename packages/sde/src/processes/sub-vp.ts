import { checkRising, optionsOf } from '@sgm/tensor/check'
import { closedForm } from '../closed-form'
import { quadraticGrid } from '../grids/quadratic'
import { numbersOf } from '../numbers'
import type { LinearSDE } from '../types'
import { type VpOptions, vpNumbers } from './vp'

/**
 * Makes the sub-VP process dx = −½β(t) x dt + √(β(t)(1 − e^{−2∫β})) dw over t in [0, 1]:
 * β(t) = β_min + t(β_max − β_min), α = exp(−½∫β), σ = 1 − α² (the *standard deviation*, below the VP's), prior N(0, I).
 *
 * Song et al. 2021, eq. 12 and appendix B.
 *
 * @throws TypeError when the options are no object. RangeError unless 0 <= betaMin < betaMax.
 * @example
 * const { sigma } = subVp().marginal(0.5)
 * const full = vp().marginal(0.5).sigma
 * sigma < full // → true
 */
export function subVp(options: VpOptions = {}): LinearSDE {
  const {
    cutOffs = {},
    grid = quadraticGrid(),
    ...numbers
  } = optionsOf('subVp', options, { cutOffs: true, grid: true, betaMin: true, betaMax: true })
  const { betaMin, betaMax } = numbersOf('subVp', vpNumbers, numbers)
  checkRising('subVp', { betaMin, betaMax })
  const slope = betaMax - betaMin
  return closedForm({
    name: 'subVp',
    cutOffs,
    grid,
    priorSigma: 1,
    drift: (t) => -0.5 * (betaMin + slope * t),
    diffusion: (t) => Math.sqrt(-(betaMin + slope * t) * Math.expm1(-t * (slope * t + 2 * betaMin))),
    marginal: (m, t) => {
      const logAlpha = m.mul(t, m.add(m.mul(t, -0.25 * slope), -0.5 * betaMin))
      return { alpha: m.exp(logAlpha), sigma: m.neg(m.expm1(m.mul(logAlpha, 2))) }
    },
  })
}
