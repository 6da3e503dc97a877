import { optionsOf } from '@sgm/tensor/check'
import { closedForm, type ProcessOptions } from '../closed-form'
import { quadraticGrid } from '../grids/quadratic'
import { type NumberSettings, numbersOf } from '../numbers'
import type { LinearSDE } from '../types'

/** The numbers of {@link cosine}. */
export const cosineNumbers = {
  offset: { summary: 'what keeps β from vanishing near time 0', default: 0.008, least: 0, below: 1 },
  end: { summary: 'where the process ends', default: 0.9946, above: 0, below: 1 },
} as const satisfies NumberSettings

/** Options of {@link cosine}. */
export interface CosineOptions extends ProcessOptions {
  /**
   * The offset s that keeps β from vanishing near t = 0, in [0, 1). 0.008 is Nichol and Dhariwal's; 0 gives the plain
   * α = cos(πt/2), σ = sin(πt/2) of later continuous-time work.
   * @default 0.008
   */
  readonly offset?: number
  /** Where the process ends, in (0, 1): α vanishes at 1 and f grows without bound. @default 0.9946 */
  readonly end?: number
}

/**
 * Makes the cosine process, variance-preserving: α(t) = cos(u(t))/cos(u(0)) with u(t) = (π/2)(t + s)/(1 + s), σ² = 1 − α²,
 * f = −u′ tan u, g² = −2f, prior N(0, I).
 *
 * Nichol and Dhariwal 2021, "Improved denoising diffusion probabilistic models", eq. 17; the end 0.9946 is that
 * of Lu et al. 2022 (DPM-Solver), appendix D, which stands for the clipping of β there.
 *
 * @throws TypeError when the options are no object. RangeError unless 0 <= offset < 1 and 0 < end < 1.
 * @example
 * cosine().marginal(0) // → { alpha: 1, sigma: 0 }
 */
export function cosine(options: CosineOptions = {}): LinearSDE {
  const {
    cutOffs = {},
    grid = quadraticGrid(),
    ...numbers
  } = optionsOf('cosine', options, { cutOffs: true, grid: true, offset: true, end: true })
  const { offset, end } = numbersOf('cosine', cosineNumbers, numbers)
  const speed = Math.PI / 2 / (1 + offset)
  const start = speed * offset
  const rate = (t: number): number => speed / Math.tan(speed * (1 - t))
  return closedForm({
    name: 'cosine',
    interval: [0, end],
    cutOffs: { train: 1e-5, sample: 1e-3, likelihood: 1e-5, ...cutOffs },
    grid,
    priorSigma: 1,
    drift: (t) => -rate(t),
    diffusion: (t) => Math.sqrt(2 * rate(t)),
    // cos u as the sine of what is left to π/2, and cos² u₀ − cos² u as a product: neither cancels in float32.
    marginal: (m, t) => {
      const rest = m.mul(m.sub(1, t), speed)
      const squares = m.mul(m.sin(m.mul(t, speed)), m.sin(m.add(m.mul(t, speed), 2 * start)))
      return {
        alpha: m.mul(m.sin(rest), 1 / Math.cos(start)),
        sigma: m.mul(m.sqrt(squares), 1 / Math.cos(start)),
      }
    },
  })
}
