import { optionsOf } from '@sgm/tensor/check'
import { closedForm, type ProcessOptions } from '../closed-form'
import { karrasGrid } from '../grids/karras'
import { type NumberSettings, numbersOf } from '../numbers'
import type { LinearSDE } from '../types'

/** The number of {@link sigmaT}: that of the tutorial. */
export const sigmaTNumbers = {
  sigma: { summary: 'base of the noise level', default: 25, above: 1 },
} as const satisfies NumberSettings

/** Options of {@link sigmaT}. */
export interface SigmaTOptions extends ProcessOptions {
  /** The base σ, > 1. @default 25 */
  readonly sigma?: number
}

/**
 * Makes the tutorial's process dx = σ^t dw over t in [0, 1]:
 * α = 1, standard deviation √((σ^{2t} − 1)/(2 ln σ)), prior N(0, (σ² − 1)/(2 ln σ) I).
 *
 * Song 2021, the tutorial beside "Generative modeling by estimating gradients of the data distribution".
 *
 * @throws TypeError when the options are no object. RangeError unless sigma > 1.
 * @example
 * sigmaT({ sigma: 25 }).diffusion(1) // → 25
 */
export function sigmaT(options: SigmaTOptions = {}): LinearSDE {
  const {
    cutOffs = {},
    grid = karrasGrid(),
    ...numbers
  } = optionsOf('sigmaT', options, { cutOffs: true, grid: true, sigma: true })
  const { sigma } = numbersOf('sigmaT', sigmaTNumbers, numbers)
  const rate = Math.log(sigma)
  return closedForm({
    name: 'sigmaT',
    cutOffs: { sample: 1e-5, ...cutOffs },
    grid,
    drift: () => 0,
    diffusion: (t) => sigma ** t,
    marginal: (m, t) => ({
      alpha: m.constant(1, t),
      sigma: m.sqrt(m.mul(m.expm1(m.mul(t, 2 * rate)), 0.5 / rate)),
    }),
  })
}
