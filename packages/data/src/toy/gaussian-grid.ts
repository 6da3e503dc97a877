import type { Key, Tensor } from '@sgm/tensor'
import { checkIntegers, checkPositive, optionsOf } from '@sgm/tensor/check'
import { mixtureOf, type Point } from './mixture'

/** Options of {@link gaussianGrid}. */
export interface GaussianGridOptions {
  /** Gaussians along each side, 1 to 256. @default 5 */
  readonly side?: number
  /** Distance between neighbours, > 0. @default 2 */
  readonly spacing?: number
  /** Standard deviation of each, >= 0. @default 0.1 */
  readonly sigma?: number
}

/**
 * Draws from equally weighted Gaussians on a square grid centred at the origin: the 25-mode test of mode coverage.
 *
 * @returns `[count, 2]`; row i depends on (key, i) only.
 * @throws RangeError when an option is out of its range.
 * @example
 * gaussianGrid(key(0), 1000, { side: 5 }).shape // → [1000, 2]
 */
export function gaussianGrid(key: Key, count: number, options: GaussianGridOptions = {}): Tensor {
  const {
    side = 5,
    spacing = 2,
    sigma = 0.1,
  } = optionsOf('gaussianGrid', options, { side: true, spacing: true, sigma: true })
  checkIntegers('gaussianGrid', { side }, 1, 2 ** 8)
  checkPositive('gaussianGrid', { spacing })
  const at = (i: number): number => (i - (side - 1) / 2) * spacing
  const means = Array.from({ length: side * side }, (_, i): Point => [at(i % side), at(Math.floor(i / side))])
  return mixtureOf('gaussianGrid', key, count, { means, sigma })
}
