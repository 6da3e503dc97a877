import { type Key, mul, type Tensor } from '@sgm/tensor'
import { checkPositive, optionsOf } from '@sgm/tensor/check'
import { noisyPoints, polar, uniformColumn } from './plane'

/** Options of {@link swissRoll}. */
export interface SwissRollOptions {
  /** Standard deviation of the Gaussian noise, >= 0. @default 0.1 */
  readonly noise?: number
  /** Radius of the outer end, > 0. @default 3 */
  readonly radius?: number
}

/**
 * Draws from a spiral r = R φ/(9π/2) with φ uniform in [3π/2, 9π/2): the swiss roll seen along its axis, with Gaussian
 * noise.
 *
 * @returns `[count, 2]`; row i depends on (key, i) only.
 * @throws RangeError when an option is out of its range.
 * @example
 * swissRoll(key(0), 1000).shape // → [1000, 2]
 */
export function swissRoll(key: Key, count: number, options: SwissRollOptions = {}): Tensor {
  const { noise = 0.1, radius = 3 } = optionsOf('swissRoll', options, { noise: true, radius: true })
  checkPositive('swissRoll', { radius })
  return noisyPoints('swissRoll', key, count, { noise }, (shapeKey) => {
    const phi = uniformColumn(shapeKey, count, 1.5 * Math.PI, 4.5 * Math.PI)
    return polar(mul(phi, radius / (4.5 * Math.PI)), phi)
  })
}
