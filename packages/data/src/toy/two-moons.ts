import { add, cast, choice, expandDims, type Key, mul, split, sub, type Tensor, tensor } from '@sgm/tensor'
import { optionsOf } from '@sgm/tensor/check'
import { noisyPoints, polar, uniformColumn } from './plane'

/** Options of {@link twoMoons}. */
export interface TwoMoonsOptions {
  /** Standard deviation of the Gaussian noise, >= 0. @default 0.1 */
  readonly noise?: number
}

/**
 * Draws from two interleaved half circles of radius 1 with Gaussian noise: the upper one around (0, 0), the lower one
 * around (1, ½), with equal chance and uniform in angle. The layout is scikit-learn's `make_moons`.
 *
 * @returns `[count, 2]`; row i depends on (key, i) only.
 * @throws RangeError unless noise >= 0.
 * @example
 * twoMoons(key(0), 1000, { noise: 0.05 }).shape // → [1000, 2]
 */
export function twoMoons(key: Key, count: number, options: TwoMoonsOptions = {}): Tensor {
  const { noise = 0.1 } = optionsOf('twoMoons', options, { noise: true })
  return noisyPoints('twoMoons', key, count, { noise }, (shapeKey) => {
    const [which, where] = split(shapeKey)
    const lower = expandDims(cast(choice(which, 2, [count]), 'float32'), 1)
    const arc = polar(1, uniformColumn(where, count, 0, Math.PI))
    return add(mul(arc, sub(1, mul(lower, 2))), mul(lower, tensor([[1, 0.5]])))
  })
}
