import { checkRising, expected, optionsOf } from '@sgm/tensor/check'
import { closedForm, type ProcessOptions } from '../closed-form'
import { uniformGrid } from '../grids/uniform'
import { type NumberSettings, numbersOf } from '../numbers'
import type { LinearSDE } from '../types'

/** The numbers of {@link ve}: those of Song et al. 2021 on CIFAR-10. */
export const veNumbers = {
  sigmaMin: { summary: 'smallest noise level', default: 0.01, above: 0 },
  sigmaMax: { summary: 'largest noise level', default: 50, above: 0 },
} as const satisfies NumberSettings

/** Options of {@link ve}. */
export interface VeOptions extends ProcessOptions {
  /** Smallest noise level, > 0. @default 0.01 */
  readonly sigmaMin?: number
  /** Largest noise level, > sigmaMin; at least the largest distance between data. @default 50 */
  readonly sigmaMax?: number
  /**
   * `'reference'`: σ(0) = σ_min, as the published code has it, so that the kernel at t carries σ_min² more than the SDE
   * adds from 0 to t. `'exact'`: the variance of the SDE itself, σ(t)² − σ_min², with σ(0) = 0.
   * @default 'reference'
   */
  readonly variance?: 'reference' | 'exact'
}

/**
 * Makes the variance-exploding process dx = g dw over t in [0, 1]:
 * σ(t) = σ_min r^t with r = σ_max/σ_min, g = σ_min r^t √(2 ln r), α = 1, prior N(0, σ(1)²).
 *
 * Song et al. 2021, "Score-based generative modeling through stochastic differential equations", eq. 9 and
 * appendix C; the continuous form of NCSN (Song and Ermon 2019).
 *
 * @throws TypeError when the options are no object. RangeError unless 0 < sigmaMin < sigmaMax and the variance is one of the two.
 * @example
 * ve({ sigmaMin: 0.01, sigmaMax: 50 }).marginal(1) // → { alpha: 1, sigma: 50 }
 */
export function ve(options: VeOptions = {}): LinearSDE {
  const {
    variance = 'reference',
    cutOffs,
    grid = uniformGrid(),
    ...numbers
  } = optionsOf('ve', options, { cutOffs: true, grid: true, sigmaMin: true, sigmaMax: true, variance: true })
  const { sigmaMin, sigmaMax } = numbersOf('ve', veNumbers, numbers)
  checkRising('ve', { sigmaMin, sigmaMax })
  if (variance !== 'reference' && variance !== 'exact') {
    throw expected('ve', "variance 'reference' or 'exact'", variance)
  }
  const rate = Math.log(sigmaMax / sigmaMin)
  const exact = variance === 'exact'
  return closedForm({
    name: 've',
    cutOffs: { sample: 1e-5, ...cutOffs },
    grid,
    drift: () => 0,
    diffusion: (t) => sigmaMin * Math.exp(rate * t) * Math.sqrt(2 * rate),
    marginal: (m, t) => ({
      alpha: m.constant(1, t),
      sigma: exact
        ? m.mul(m.sqrt(m.expm1(m.mul(t, 2 * rate))), sigmaMin)
        : m.mul(m.exp(m.mul(t, rate)), sigmaMin),
    }),
  })
}
