import { checkPositive } from '@sgm/tensor/check'

/** Error that an adaptive solver allows in each entry x, by its parts. */
export interface Tolerances {
  /** Whatever the size of x, > 0, in its units. */
  readonly absolute: number
  /** In proportion to |x|, > 0. */
  readonly relative: number
}

/** Error that an adaptive solver allows: one number for both parts, or each of them. */
export type Tolerance = number | Tolerances

/** Both parts of a tolerance. @throws RangeError unless they are > 0. */
export function tolerancesOf(where: string, tolerance: Tolerance): Tolerances {
  if (typeof tolerance === 'object' && tolerance !== null) {
    const { absolute, relative } = tolerance
    checkPositive(where, { 'tolerance.absolute': absolute, 'tolerance.relative': relative })
    return { absolute, relative }
  }
  checkPositive(where, { tolerance })
  return { absolute: tolerance, relative: tolerance }
}

/** The tolerance of two grey levels of [−1, 1] for each 2 % of |x|. */
export const inGreyLevels = (relative: number): Tolerances => ({ absolute: 0.39 * relative, relative })
