import { add, cast, choice, type Key, mul, split, sqrt, type Tensor } from '@sgm/tensor'
import { checkIntegers, checkPositive, optionsOf } from '@sgm/tensor/check'
import { noisyPoints, polar, uniformColumn } from './plane'

/** Options of {@link spirals}. */
export interface SpiralsOptions {
  /** Number of arms, >= 1. @default 2 */
  readonly arms?: number
  /** Turns of each arm, > 0. @default 1.5 */
  readonly turns?: number
  /** Radius of the outer ends, > 0. @default 3 */
  readonly radius?: number
  /** Standard deviation of the Gaussian noise, >= 0. @default 0.1 */
  readonly noise?: number
}

/**
 * Draws from Archimedean spirals r = R √u, φ = 2π(turns √u + k/arms) with u uniform, one arm k for another with equal chance,
 * and Gaussian noise.
 *
 * @returns `[count, 2]`; row i depends on (key, i) only.
 * @throws RangeError when an option is out of its range.
 * @example
 * spirals(key(0), 1000, { arms: 2 }).shape // → [1000, 2]
 */
export function spirals(key: Key, count: number, options: SpiralsOptions = {}): Tensor {
  const {
    arms = 2,
    turns = 1.5,
    radius = 3,
    noise = 0.1,
  } = optionsOf('spirals', options, { arms: true, turns: true, radius: true, noise: true })
  checkIntegers('spirals', { arms })
  checkPositive('spirals', { turns })
  checkPositive('spirals', { radius })
  return noisyPoints('spirals', key, count, { noise }, (shapeKey) => {
    const [which, where] = split(shapeKey)
    const arm = cast(choice(which, arms, [count]), 'float32')
    const along = sqrt(uniformColumn(where, count))
    return polar(mul(along, radius), mul(add(mul(along, turns), mul(arm, 1 / arms)), 2 * Math.PI))
  })
}
