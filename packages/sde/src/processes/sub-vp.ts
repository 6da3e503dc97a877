import { checkHalfOpen, checkOrder } from '../check'
import { quadraticGrid } from '../grids/quadratic'
import { linearSde } from '../linear-sde'
import type { LinearSDE } from '../types'
import type { VpOptions } from './vp'

/**
 * Makes the sub-VP process dx = −½β(t) x dt + √(β(t)(1 − e^{−2∫β})) dw over t in [0, 1]:
 * β(t) = β_min + t(β_max − β_min), α = exp(−½∫β), σ = 1 − α² (the *standard deviation*, below the VP's), prior N(0, I).
 *
 * Song et al. 2021, eq. 12 and appendix B.
 *
 * @throws RangeError unless 0 <= betaMin < betaMax.
 */
export function subVp({
  betaMin = 0.1,
  betaMax = 20,
  cutOffs = {},
  grid = quadraticGrid(),
}: VpOptions = {}): LinearSDE {
  checkHalfOpen('subVp', 'betaMin', betaMin, 0, Number.POSITIVE_INFINITY)
  checkOrder('subVp', ['betaMin', 'betaMax'], betaMin, betaMax)
  const slope = betaMax - betaMin
  return linearSde({
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
