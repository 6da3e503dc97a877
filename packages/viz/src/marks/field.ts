import { checkExtent, checkOneOf, expected, optionsOf } from '@sgm/tensor/check'
import { type ColorScaleName, checkScale, paint, scaleOf } from '../colors'
import type { Grid } from '../grid'
import { unitOf } from '../layout/axis'
import { rounded } from '../layout/text'
import { around, held, isFlat } from '../layout/window'
import { checkLabel } from '../look'
import { extentOf } from '../read'

import type { Colorbar, ColorScale, Extent, ImageShape, Mark, Plot, Theme } from '../types'

/** Options of marks that colour the plane by numbers. */
export interface FieldOptions {
  /** @default `'viridis'` for heat maps, `'density'` for densities, `'inferno'` for errors */
  readonly scale?: ColorScaleName | ColorScale
  /** The values at the ends of the scale; what lies beyond is shown as the end. @default what the values span */
  readonly domain?: Extent
  /** `'log'` shows values > 0 by their logarithm. @default `'linear'` */
  readonly type?: 'linear' | 'log'
  /** What the values are, beside the bar of colours. */
  readonly label?: string
  /** Whether there is a bar of colours. @default true */
  readonly colorbar?: boolean
}

/** What marks of one number a grid point are made from. */
export interface Field {
  readonly name: string
  readonly plane: Grid
  readonly values: ArrayLike<number>
  readonly options: FieldOptions
  readonly scale: ColorScaleName
  readonly description: string
  /** Whether x and y are lengths of the same kind. */
  readonly equal: boolean
}

/** The mark of a field. Values that are not finite stay clear, and a note counts them. */
export function fieldMark({ name, plane, values, options, scale: usual, description, equal }: Field): Mark {
  const {
    scale = usual,
    type = 'linear',
    label = '',
    colorbar = true,
  } = optionsOf(name, options, { scale: true, domain: true, type: true, label: true, colorbar: true })
  checkOneOf(name, { type }, ['linear', 'log'])
  checkScale(name, scale)
  checkLabel(name, label)
  if (options.domain) checkExtent(name, 'domain', options.domain)
  const { domain, missing } = domainOf(name, values, type, options.domain)
  const unit = unitOf(type, domain)
  const bar = (theme: Theme): Colorbar => ({ label, scale: scaleOf(scale, theme), domain, type })
  const span = `${rounded(domain[0])} to ${rounded(domain[1])}`
  return {
    name,
    description: `${description}${label ? ` of ${label}` : ''}, ${span}`,
    x: plane.x,
    y: plane.y,
    fills: { x: true, y: true },
    equal,
    colors: scale === 'density' ? 1 : 0,
    colorbar: colorbar && missing < values.length ? bar : undefined,
    note: () => {
      if (missing === 0) return undefined
      const why = type === 'log' ? 'not finite or not above 0' : 'not finite'
      return `${missing} of ${values.length} values are ${why}, and left clear.`
    },
    draw: (plot) => [imageOf(plot, plane, paint(values, scaleOf(scale, plot.theme), unit))],
  }
}

/** Pixels of a grid's points over the area they stand for. */
export function imageOf(plot: Plot, plane: Grid, pixels: Uint8ClampedArray): ImageShape {
  const { columns, rows } = plane
  const flipped = new Uint8ClampedArray(pixels.length)
  for (let row = 0; row < rows; row++) {
    flipped.set(pixels.subarray(4 * columns * row, 4 * columns * (row + 1)), 4 * columns * (rows - 1 - row))
  }
  const [left, right, top, bottom] = [
    plot.x(plane.x[0]),
    plot.x(plane.x[1]),
    plot.y(plane.y[1]),
    plot.y(plane.y[0]),
  ]
  const [dx, dy] = [(right - left) / (columns - 1), (bottom - top) / (rows - 1)]
  return {
    type: 'image',
    x: left - dx / 2,
    y: top - dy / 2,
    width: right - left + dx,
    height: bottom - top + dy,
    pixels: flipped,
    columns,
    rows,
    smooth: dx < 12 && dy < 12,
  }
}

function domainOf(name: string, values: ArrayLike<number>, type: 'linear' | 'log', asked?: Extent) {
  const shown = (v: number) => Number.isFinite(v) && (type === 'linear' || v > 0)
  const some = Array.from(values).filter(shown)
  const missing = values.length - some.length
  const found = asked ?? extentOf(some) ?? (type === 'log' ? [1, 10] : [0, 1])
  if (type === 'log' && found[0] <= 0) throw expected(name, 'domain > 0 on a logarithmic scale', found)
  if (!Number.isFinite(found[1] - found[0])) throw expected(name, 'values less than 1.8e308 apart', found)
  const flat = type === 'log' ? found[0] === found[1] : isFlat([found[0]!, found[1]!])
  const wide = type === 'log' ? held([found[0] / 2, found[0] * 1.5]) : around(found[0])
  return { domain: flat ? wide : (found as Extent), missing }
}
