import { halfLogSnr, timeOfHalfLogSnr } from '../log-snr'
import type { TimeGrid } from '../types'
import { spacedIn } from './spaced-in'

/**
 * Makes the grid evenly spaced in the log signal-to-noise ratio, which is geometric in σ/α.
 *
 * Lu et al. 2022, "DPM-Solver", section 3.4.
 *
 * @throws RangeError (the grid) when σ or α is 0 at an end.
 * @example
 * logSnrGrid()(vp(), { steps: 10 }).length // → 11
 */
export function logSnrGrid(): TimeGrid {
  return spacedIn('logSnrGrid', halfLogSnr, timeOfHalfLogSnr)
}
