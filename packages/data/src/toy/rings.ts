import { choice, gather, type Key, split, type Tensor, tensor } from '@sgm/tensor'
import { expected } from '@sgm/tensor/check'
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
 */
export function rings(
  key: Key,
  count: number,
  { radii = [1, 2, 3], noise = 0.08 }: RingsOptions = {},
): Tensor {
  if (radii.length === 0 || !radii.every((r) => r > 0 && Number.isFinite(r))) {
    throw expected('rings', 'radii > 0', [...radii])
  }
  return noisyPoints('rings', key, count, noise, (shapeKey) => {
    const [which, where] = split(shapeKey)
    const r = gather(tensor(radii), choice(which, radii.length, [count]))
    return polar(r, uniformColumn(where, count, 0, 2 * Math.PI))
  })
}
