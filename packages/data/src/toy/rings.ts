import { choice, gather, type Key, split, type Tensor, tensor } from '@sgm/tensor'
import { checkLists, checkPositive, expected, optionsOf } from '@sgm/tensor/check'
import { noisyPoints, polar, uniformColumn } from './plane'

/** Options of {@link rings}. */
export interface RingsOptions {
  /** Radii of the circles, > 0, drawn with equal chance. @default [1, 2, 3] */
  readonly radii?: readonly number[]
  /** Standard deviation of the Gaussian noise, >= 0. @default 0.08 */
  readonly noise?: number
}

/**
 * Draws from concentric circles around the origin, uniform in angle, with Gaussian noise.
 *
 * @returns `[count, 2]`; row i depends on (key, i) only.
 * @throws RangeError when an option is out of its range.
 * @example
 * rings(key(0), 1000, { radii: [1, 2] }).shape // → [1000, 2]
 */
export function rings(key: Key, count: number, options: RingsOptions = {}): Tensor {
  const { radii = [1, 2, 3], noise = 0.08 } = optionsOf('rings', options, { radii: true, noise: true })
  checkLists('rings', { radii })
  if (radii.length === 0) throw expected('rings', 'radii > 0', 'none')
  checkPositive('rings', Object.fromEntries(radii.map((r, i) => [`radii[${i}]`, r])))
  return noisyPoints('rings', key, count, { noise }, (shapeKey) => {
    const [which, where] = split(shapeKey)
    const r = gather(tensor(radii), choice(which, radii.length, [count]))
    return polar(r, uniformColumn(where, count, 0, 2 * Math.PI))
  })
}
