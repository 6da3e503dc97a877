import type { Key, Tensor } from '@sgm/tensor'
import { checkIntegers, checkPositive } from '@sgm/tensor/check'
import { mixture, type Point } from './mixture'

/** Options of {@link gaussianRing}. */
export interface GaussianRingOptions {
  /** Number of Gaussians, >= 1. @default 8 */
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
 */
export function gaussianRing(
  key: Key,
  count: number,
  { modes = 8, radius = 2, sigma = 0.1 }: GaussianRingOptions = {},
): Tensor {
  checkIntegers('gaussianRing', { modes })
  checkPositive('gaussianRing', { radius })
  const means = Array.from({ length: modes }, (_, i): Point => {
    const angle = (2 * Math.PI * i) / modes
    return [radius * Math.cos(angle), radius * Math.sin(angle)]
  })
  return mixture(key, count, { means, sigma })
}
