import { checkRising, optionsOf } from '@sgm/tensor/check'
import { closedForm, type ProcessOptions } from '../closed-form'
import { quadraticGrid } from '../grids/quadratic'
import { type NumberSettings, numbersOf } from '../numbers'
import type { LinearSDE } from '../types'

/** The numbers of {@link vp} and {@link subVp}: those of Song et al. 2021. */
export const vpNumbers = {
  betaMin: { summary: 'β at time 0', default: 0.1, least: 0 },
  betaMax: { summary: 'β at time 1', default: 20, above: 0 },
} as const satisfies NumberSettings

/** Options of {@link vp} and {@link subVp}. */
export interface VpOptions extends ProcessOptions {
  /** β(0), >= 0. @default 0.1 */
  readonly betaMin?: number
  /** β(1), > betaMin. @default 20 */
  readonly betaMax?: number
}

/**
 * Makes the variance-preserving process dx = −½β(t) x dt + √β(t) dw over t in [0, 1]:
 * β(t) = β_min + t(β_max − β_min), α = exp(−½∫β), σ² = 1 − α², prior N(0, I).
 *
 * Song et al. 2021, eq. 11 and appendix C; the continuous form of DDPM (Ho et al. 2020).
 *
 * @throws TypeError when the options are no object. RangeError unless 0 <= betaMin < betaMax.
 * @example
 * vp().marginal(0) // → { alpha: 1, sigma: 0 }
 * vp().drift(1) // → -10
 */
export function vp(options: VpOptions = {}): LinearSDE {
  const {
    cutOffs = {},
    grid = quadraticGrid(),
    ...numbers
  } = optionsOf('vp', options, { cutOffs: true, grid: true, betaMin: true, betaMax: true })
  const { betaMin, betaMax } = numbersOf('vp', vpNumbers, numbers)
  checkRising('vp', { betaMin, betaMax })
  const slope = betaMax - betaMin
  return closedForm({
    name: 'vp',
    cutOffs,
    grid,
    priorSigma: 1,
    drift: (t) => -0.5 * (betaMin + slope * t),
    diffusion: (t) => Math.sqrt(betaMin + slope * t),
    marginal: (m, t) => {
      const logAlpha = m.mul(t, m.add(m.mul(t, -0.25 * slope), -0.5 * betaMin))
      return { alpha: m.exp(logAlpha), sigma: m.sqrt(m.neg(m.expm1(m.mul(logAlpha, 2)))) }
    },
  })
}
