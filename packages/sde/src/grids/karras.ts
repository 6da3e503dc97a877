import { checkPositive, optionsOf } from '@sgm/tensor/check'
import { halfLogSnr, timeOfHalfLogSnr } from '../log-snr'
import type { TimeGrid } from '../types'
import { spacedIn } from './spaced-in'

/** Options of {@link karrasGrid}. */
export interface KarrasGridOptions {
  /** ρ > 0: 1 is uniform in the noise level; larger values put more steps near the data. @default 7 */
  readonly rho?: number
}

/**
 * Makes the grid evenly spaced in (σ/α)^{1/ρ}.
 *
 * Karras et al. 2022, "Elucidating the design space of diffusion-based generative models", eq. 5, where α = 1.
 *
 * @throws RangeError unless rho > 0.
 * @example
 * karrasGrid({ rho: 7 })(edm(), { steps: 18 }).length // → 19
 */
export function karrasGrid(options: KarrasGridOptions = {}): TimeGrid {
  const { rho = 7 } = optionsOf('karrasGrid', options, { rho: true })
  checkPositive('karrasGrid', { rho })
  return spacedIn(
    'karrasGrid',
    (process, t) => Math.exp(-halfLogSnr(process, t) / rho),
    (process, root) => timeOfHalfLogSnr(process, -rho * Math.log(root)),
  )
}
