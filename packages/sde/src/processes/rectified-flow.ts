import { optionsOf } from '@sgm/tensor/check'
import { closedForm, type ProcessOptions } from '../closed-form'
import { quadraticGrid } from '../grids/quadratic'
import { type NumberSettings, numbersOf } from '../numbers'
import type { LinearSDE } from '../types'

/** The numbers of {@link rectifiedFlow}. */
export const rectifiedFlowNumbers = {
  sigmaMin: { summary: 'smallest noise level', default: 0, least: 0, below: 1 },
  end: { summary: 'where the process ends', default: 0.999, above: 0, below: 1 },
} as const satisfies NumberSettings

/** Options of {@link rectifiedFlow}. */
export interface RectifiedFlowOptions extends ProcessOptions {
  /** Noise left at t = 0, in [0, 1): the σ_min of flow matching. @default 0 */
  readonly sigmaMin?: number
  /** Where the process ends, in (0, 1): α vanishes at 1 and f grows without bound. @default 0.999 */
  readonly end?: number
}

/**
 * Makes the straight path from data to noise, α = 1 − t and σ = σ_min + (1 − σ_min)t, as a linear SDE: f = −1/(1 − t),
 * g² = 2σ(σ′ + σ/(1 − t)), prior N(0, σ(end)² I). Its probability-flow ODE is the flow E[z − x₀ | x_t] when σ_min is 0.
 *
 * Liu et al. 2022, "Flow straight and fast" (rectified flow); Lipman et al. 2022, "Flow matching for generative
 * modeling", eq. 22, with time reversed: here data are at t = 0.
 *
 * @throws TypeError when the options are no object. RangeError unless 0 <= sigmaMin < 1 and 0 < end < 1.
 * @example
 * rectifiedFlow().marginal(0.25) // → { alpha: 0.75, sigma: 0.25 }
 */
export function rectifiedFlow(options: RectifiedFlowOptions = {}): LinearSDE {
  const {
    cutOffs = {},
    grid = quadraticGrid(),
    ...numbers
  } = optionsOf('rectifiedFlow', options, { cutOffs: true, grid: true, sigmaMin: true, end: true })
  const { sigmaMin, end } = numbersOf('rectifiedFlow', rectifiedFlowNumbers, numbers)
  const speed = 1 - sigmaMin
  const level = (t: number): number => sigmaMin + speed * t
  return closedForm({
    name: 'rectifiedFlow',
    interval: [0, end],
    cutOffs: { train: 1e-5, sample: 1e-3, likelihood: 1e-5, ...cutOffs },
    grid,
    drift: (t) => -1 / (1 - t),
    diffusion: (t) => Math.sqrt(2 * level(t) * (speed + level(t) / (1 - t))),
    marginal: (m, t) => ({ alpha: m.sub(1, t), sigma: m.add(m.mul(t, speed), sigmaMin) }),
  })
}
