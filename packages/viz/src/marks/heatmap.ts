import { type Grid, readScalars, type Scalars } from '../grid'
import type { Mark } from '../types'
import { type FieldOptions, fieldMark } from './field'

/**
 * Numbers over the plane as colours.
 *
 * @param plane The points.
 * @param values One number a point.
 * @throws RangeError when there is not one number a point, or an option does not fit.
 * @example
 * const plane = grid()
 * const picture = await figure([
 *   heatmap(plane, (x, y) => x * y, { scale: 'signed' }),
 * ])
 */
export async function heatmap(plane: Grid, values: Scalars, options: FieldOptions = {}): Promise<Mark> {
  const numbers = await readScalars('heatmap', plane, values)
  return fieldMark({
    name: 'heatmap',
    plane,
    values: numbers,
    options,
    scale: 'viridis',
    description: 'heat map',
    equal: true,
  })
}
