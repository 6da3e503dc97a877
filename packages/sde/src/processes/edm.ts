import { checkRising, optionsOf } from '@sgm/tensor/check'
import { closedForm, type ProcessOptions } from '../closed-form'
import { karrasGrid } from '../grids/karras'
import { type NumberSettings, numbersOf } from '../numbers'
import type { LinearSDE } from '../types'

/** The numbers of {@link edm}: those of Karras et al. 2022. */
export const edmNumbers = {
  sigmaMin: { summary: 'smallest noise level', default: 0.002, least: 0 },
  sigmaMax: { summary: 'largest noise level', default: 80, above: 0 },
} as const satisfies NumberSettings

/** Options of {@link edm}. */
export interface EdmOptions extends ProcessOptions {
  /** Noise level at which sampling, training and likelihoods stop short of 0, >= 0. @default 0.002 */
  readonly sigmaMin?: number
  /** Noise level at which the process ends, > sigmaMin. @default 80 */
  readonly sigmaMax?: number
}

/**
 * Makes the process whose time is its noise level: α = 1, σ(t) = t over t in [0, σ_max], that is dx = √(2t) dw, prior
 * N(0, σ_max² I).
 *
 * Karras et al. 2022, "Elucidating the design space of diffusion-based generative models", table 1.
 *
 * @throws TypeError when the options are no object. RangeError unless 0 <= sigmaMin < sigmaMax.
 * @example
 * edm().marginal(0.5) // → { alpha: 1, sigma: 0.5 }
 */
export function edm(options: EdmOptions = {}): LinearSDE {
  const {
    cutOffs = {},
    grid = karrasGrid(),
    ...numbers
  } = optionsOf('edm', options, { cutOffs: true, grid: true, sigmaMin: true, sigmaMax: true })
  const { sigmaMin, sigmaMax } = numbersOf('edm', edmNumbers, numbers)
  checkRising('edm', { sigmaMin, sigmaMax })
  return closedForm({
    name: 'edm',
    interval: [0, sigmaMax],
    cutOffs: { train: sigmaMin, sample: sigmaMin, likelihood: sigmaMin, ...cutOffs },
    grid,
    drift: () => 0,
    diffusion: (t) => Math.sqrt(2 * t),
    marginal: (m, t) => ({ alpha: m.constant(1, t), sigma: m.mul(t, 1) }),
  })
}
