import { checkIntegers, checkPositive, expected, optionsOf } from '@sgm/tensor/check'
import { contours as contourGenerator } from 'd3-contour'
import { type ColorScaleName, checkScale, scaleOf } from '../colors'
import { type Grid, readScalars, type Scalars } from '../grid'
import { checkColor, checkLabel } from '../look'
import { extentOf } from '../read'

import type { Color, Colorbar, ColorScale, Mark, Plot, Shape, Theme } from '../types'

/** Options of {@link contours}. */
export interface ContoursOptions {
  /** How many levels, evenly between the least value and the greatest; or the levels themselves. @default 10 */
  readonly levels?: number | readonly number[]
  /** Fills what lies above each level. @default true */
  readonly fill?: boolean
  /** Draws a line at each level. @default when not filled */
  readonly lines?: boolean
  /** The colours of the levels. @default `'density'` */
  readonly scale?: ColorScaleName | ColorScale
  /** One colour for the lines in place of the scale. */
  readonly color?: Color
  /** Pixels. @default 1 */
  readonly strokeWidth?: number
  /** What the values are, beside a bar of colours, which there is when there is a label. */
  readonly label?: string
}

/**
 * Lines along which a function of the plane is constant, by marching squares with linear interpolation.
 *
 * @param plane The points.
 * @param values One number a point.
 * @throws RangeError when there is not one number a point, or an option does not fit.
 * @example
 * const plane = grid({ x: [-3, 3], y: [-3, 3] })
 * const density = (x: number, y: number) => Math.exp(-(x * x + y * y) / 2)
 * const picture = await figure([contours(plane, density)])
 */
export async function contours(plane: Grid, values: Scalars, options: ContoursOptions = {}): Promise<Mark> {
  const {
    levels = 10,
    fill = true,
    lines = !fill,
    scale = 'density',
    color,
    strokeWidth = 1,
    label,
  } = optionsOf('contours', options, {
    levels: true,
    fill: true,
    lines: true,
    scale: true,
    color: true,
    strokeWidth: true,
    label: true,
  })
  checkScale('contours', scale)
  checkLabel('contours', label)
  checkColor('contours', color)
  checkPositive('contours', { strokeWidth })
  if (typeof levels === 'number') checkIntegers('contours', { levels }, 1, 1000)
  else if (
    !Array.isArray(levels) ||
    levels.length === 0 ||
    levels.length > 1000 ||
    !levels.every(Number.isFinite)
  ) {
    throw expected('contours', 'finite levels', levels)
  }
  const numbers = await readScalars('contours', plane, values)
  const span = extentOf(numbers)
  if (span && !Number.isFinite(span[1] - span[0])) {
    throw expected('contours', 'values less than 1.8e308 apart', span)
  }
  const missing = Array.from(numbers).filter((value) => !Number.isFinite(value)).length
  const thresholds = span && span[0] < span[1] ? thresholdsOf(levels, span) : []
  const generate = contourGenerator().size([plane.columns, plane.rows])
  // Below every level, so that the edge of what is not finite is the edge of the area.
  const finite =
    missing > 0 ? Array.from(numbers, (v) => (Number.isFinite(v) ? v : Number.NEGATIVE_INFINITY)) : numbers
  const areas = thresholds.map((level) => generate.contour(finite as number[], level).coordinates)
  const unit = (i: number) => (i + 1) / thresholds.length
  const bar = (theme: Theme): Colorbar => ({
    label: label!,
    scale: scaleOf(scale, theme),
    domain: span!,
  })
  const shapes = (plot: Plot): Shape[] => {
    const colors = scaleOf(scale, plot.theme)
    return areas.map((polygons, i) => {
      const own = colors(unit(i))
      const stroke = color === undefined ? (fill ? plot.theme.background : own) : plot.color(color)
      return {
        type: 'path',
        closed: true,
        lines: polygons.flatMap((rings) => rings.map((ring) => place(plot, plane, ring))),
        ...(fill && { fill: own }),
        ...(lines && { stroke, strokeWidth }),
      }
    })
  }
  return {
    name: 'contours',
    description: `${thresholds.length} contours${label ? ` of ${label}` : ''}`,
    x: plane.x,
    y: plane.y,
    fills: { x: true, y: true },
    equal: true,
    colors: scale === 'density' && color === undefined ? 1 : 0,
    colorbar: label && span ? bar : undefined,
    note: () =>
      missing > 0 ? `${missing} of ${numbers.length} values are not finite, and left out.` : undefined,
    draw: shapes,
  }
}

function thresholdsOf(levels: number | readonly number[], [low, high]: readonly [number, number]): number[] {
  if (typeof levels !== 'number') return [...levels].sort((a, b) => a - b)
  return Array.from({ length: levels }, (_, i) => low + ((i + 1) / (levels + 1)) * (high - low))
}

/** From the generator's coordinates, in which the first point of the grid is at ½, to pixels. */
function place(
  plot: Plot,
  { x, y, columns, rows }: Grid,
  ring: readonly (readonly number[])[],
): Float64Array {
  const placed = new Float64Array(2 * ring.length)
  ring.forEach(([u, v], i) => {
    placed[2 * i] = plot.x(x[0] + ((u! - 0.5) / (columns - 1)) * (x[1] - x[0]))
    placed[2 * i + 1] = plot.y(y[0] + ((v! - 0.5) / (rows - 1)) * (y[1] - y[0]))
  })
  return placed
}
