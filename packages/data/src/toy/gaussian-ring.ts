import type { Key, Tensor } from '@sgm/tensor'
import { checkIntegers, checkPositive, optionsOf } from '@sgm/tensor/check'
import { mixtureOf, type Point } from './mixture'

/** Options of {@link gaussianRing}. */
export interface GaussianRingOptions {
  /** Number of Gaussians, 1 to 2¹⁶. @default 8 */
  readonly modes?: number
  /** Distance of their centres from the origin, > 0. @default 2 */
  readonly radius?: number
  /** Standard deviation of each, >= 0. @default 0.1 */
  readonly sigma?: number
}

/**
 * Draws from equally weighted Gaussians evenly spaced on a circle, the first at angle 0.
 *
 * @returns `[count, 2]`; row i depends on (key, i) only.
 * @throws RangeError when an option is out of its range.
 * @example
 * gaussianRing(key(0), 1000, { modes: 8 }).shape // → [1000, 2]
 */
export function gaussianRing(key: Key, count: number, options: GaussianRingOptions = {}): Tensor {
  const {
    modes = 8,
    radius = 2,
    sigma = 0.1,
  } = optionsOf('gaussianRing', options, { modes: true, radius: true, sigma: true })
  checkIntegers('gaussianRing', { modes }, 1, 2 ** 16)
  checkPositive('gaussianRing', { radius })
  const means = Array.from({ length: modes }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / modes
    return [radius * Math.cos(angle), radius * Math.sin(angle)]
  })
  return mixtureOf('gaussianRing', key, count, { means, sigma })
}
