import { optionsOf } from '@sgm/tensor/check'
import { type Grid, readScalars, type Scalars } from '../grid'
import { extentOf } from '../read'
import type { Mark } from '../types'
import { type FieldOptions, fieldMark } from './field'

/** Options of {@link densityEvolution}. */
export interface DensityEvolutionOptions extends FieldOptions {
  /** Divides the densities of each time by their greatest, so that narrow and wide ones both show. @default true */
  readonly normalize?: boolean
}

/**
 * A one-dimensional density over time as colours: time to the right, place upwards. Paths of the SDE and of the
 * probability-flow ODE go over it with `paths(states, { times })`.
 *
 * The scale starts at 0.
 *
 * @param plane Its x are times, its y are places.
 * @param density One number p_t(y) >= 0 a point.
 * @throws RangeError when there is not one number a point, or an option does not fit.
 * @example
 * const plane = grid({ x: [0, 1], y: [-3, 3] }) // time and place
 * const density = (t: number, x: number) => Math.exp(-(x * x) / (0.1 + t))
 * const picture = await figure([densityEvolution(plane, density)])
 */
export async function densityEvolution(
  plane: Grid,
  density: Scalars,
  given: DensityEvolutionOptions = {},
): Promise<Mark> {
  const {
    normalize = true,
    label = normalize ? 'pₜ(x) / maxₓ pₜ(x)' : 'pₜ(x)',
    ...options
  } = optionsOf('densityEvolution', given, {
    scale: true,
    domain: true,
    type: true,
    label: true,
    colorbar: true,
    normalize: true,
  })
  const values = Float64Array.from(await readScalars('densityEvolution', plane, density))
  if (normalize) {
    for (let column = 0; column < plane.columns; column++) {
      let greatest = 0
      for (let i = column; i < values.length; i += plane.columns)
        greatest = Math.max(greatest, values[i]! || 0)
      for (let i = column; i < values.length; i += plane.columns) values[i]! /= greatest || 1
    }
  }
  const greatest = extentOf(values)?.[1] ?? 0
  const domain = greatest > 0 ? ([0, greatest] as const) : undefined
  const mark = fieldMark({
    name: 'densityEvolution',
    plane,
    values,
    options: { ...(domain && options.type !== 'log' && { domain }), ...options, label },
    scale: 'density',
    description: 'density over time',
    equal: false,
  })
  return { ...mark, axes: { x: { label: 'time t' }, y: { label: 'x' } } }
}
