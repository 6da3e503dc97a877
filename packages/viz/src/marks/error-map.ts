import { optionsOf } from '@sgm/tensor/check'
import { type Grid, readVectors, type Vectors } from '../grid'
import type { Mark } from '../types'
import { type FieldOptions, fieldMark } from './field'

/** Options of {@link errorMap}. */
export interface ErrorMapOptions extends FieldOptions {
  /** Divides by the length of the exact vector. @default false */
  readonly relative?: boolean
}

/**
 * How far a learned vector field is from the exact one, as colours: ‖ŝ(x) − s(x)‖, or ‖ŝ(x) − s(x)‖ / ‖s(x)‖.
 *
 * @param plane The points.
 * @param got `[n, 2]`: the learned vectors at the points.
 * @param wanted `[n, 2]`: the exact ones.
 * @throws RangeError when there is not one vector a point, or an option does not fit.
 * @example
 * const plane = grid()
 * const picture = await figure([
 *   errorMap(
 *     plane,
 *     (x, y) => [-x, -y],
 *     (x, y) => [-x, -1.1 * y],
 *   ),
 * ])
 */
export async function errorMap(
  plane: Grid,
  got: Vectors,
  wanted: Vectors,
  given: ErrorMapOptions = {},
): Promise<Mark> {
  const {
    relative = false,
    label = relative ? 'relative error' : 'error',
    ...options
  } = optionsOf('errorMap', given, {
    scale: true,
    domain: true,
    type: true,
    label: true,
    colorbar: true,
    relative: true,
  })
  const [a, b] = [await readVectors('errorMap', plane, got), await readVectors('errorMap', plane, wanted)]
  const values = plane.xs.map((_, i) => {
    const [j, k] = [2 * i, 2 * i + 1]
    const error = Math.hypot(a[j]! - b[j]!, a[k]! - b[k]!)
    return relative ? error / Math.hypot(b[j]!, b[k]!) : error
  })
  return fieldMark({
    name: 'errorMap',
    plane,
    values,
    options: { ...options, label },
    scale: 'inferno',
    description: 'map',
    equal: true,
  })
}
