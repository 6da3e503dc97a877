import { checkExtent, checkFunctions, checkIntegers, checkPositive, optionsOf } from '@sgm/tensor/check'
import { baseOf } from '../layout/placed'
import { checkColor, checkLabel } from '../look'
import { extentOf, readList, type Values } from '../read'
import type { Color, Extent, LegendEntry, Mark, Plot, Shape } from '../types'

/** Options of {@link line}. */
export interface LineOptions {
  /** Its entry in the legend. */
  readonly label?: string
  /** @default the next of the palette */
  readonly color?: Color
  /** Pixels. @default 2 */
  readonly strokeWidth?: number
  /** Lengths of strokes and gaps in turn, in pixels. @default a whole line */
  readonly dash?: readonly number[]
  /** Fills down to 0. @default false */
  readonly area?: boolean
}

/**
 * A line through points, in their order. Where a value is not finite, the line is broken.
 *
 * @param x `[n]`
 * @param y `[n]`
 * @throws RangeError when the lengths differ, or an option does not fit.
 * @example
 * const picture = await figure([
 *   line([0, 1, 2], [1, 0.5, 0.25], { label: 'error' }),
 * ])
 */
export async function line(x: Values, y: Values, options: LineOptions = {}): Promise<Mark> {
  const xs = await readList('line', 'x', x)
  return lineMark('line', xs, await readList('line', 'values of y, one for each x', y, xs.length), options)
}

/** Options of {@link curve}. */
export interface CurveOptions extends LineOptions {
  /** From where to where. @default [-4, 4] */
  readonly x?: Extent
  /** At how many points the function is evaluated, >= 2. @default 241 */
  readonly samples?: number
}

/**
 * The graph of a function, a density in one dimension say.
 *
 * @param f Of x.
 * @throws RangeError when an option does not fit.
 * @example
 * const picture = await figure([curve(Math.sin, { x: [0, 6] })])
 */
export async function curve(f: (x: number) => number, given: CurveOptions = {}): Promise<Mark> {
  const {
    x = [-4, 4],
    samples = 241,
    ...options
  } = optionsOf('curve', given, {
    label: true,
    color: true,
    strokeWidth: true,
    dash: true,
    area: true,
    x: true,
    samples: true,
  })
  checkExtent('curve', 'x', x)
  checkFunctions('curve', { f })
  checkIntegers('curve', { samples }, 2, 2 ** 20)
  const xs = Float64Array.from({ length: samples }, (_, i) => x[0] + (i / (samples - 1)) * (x[1] - x[0]))
  return lineMark('curve', xs, xs.map(f), options)
}

/** The mark of a line. */
export function lineMark(
  name: string,
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  options: LineOptions,
): Mark {
  const {
    label,
    color,
    strokeWidth = 2,
    dash,
    area = false,
  } = optionsOf(name, options, { label: true, color: true, strokeWidth: true, dash: true, area: true })
  checkLabel(name, label)
  checkColor(name, color)
  checkPositive(name, { strokeWidth })
  const extent = extentOf(ys)
  const missing = Array.from(xs).filter((x, i) => !(Number.isFinite(x) && Number.isFinite(ys[i]))).length
  const draw = (plot: Plot): Shape[] => {
    const stroke = plot.color(color)
    const parts = pieces(xs, ys, plot)
    const closed = parts.map((part) => [...part, part.at(-2)!, baseOf(plot), part[0]!, baseOf(plot)])
    return [
      ...(area ? [{ type: 'path' as const, lines: closed, closed: true, fill: stroke, opacity: 0.18 }] : []),
      { type: 'path', lines: parts, stroke, strokeWidth, ...(dash && { dash }) },
    ]
  }
  return {
    name,
    description: label ? `line: ${label}` : 'a line',
    x: extentOf(xs),
    y: area && extent ? [Math.min(0, extent[0]), Math.max(0, extent[1])] : extent,
    fills: { x: true },
    colors: color === undefined ? 1 : 0,
    legend: (paint): LegendEntry[] =>
      label ? [{ label, color: paint.color(color), swatch: 'line', ...(dash && { dash }) }] : [],
    note: () =>
      missing > 0
        ? `${missing} of ${xs.length} values${label ? ` of ${label}` : ''} are not finite, and left out.`
        : undefined,
    draw,
  }
}

/** The line in pixels, in pieces without gaps. */
export function pieces(xs: ArrayLike<number>, ys: ArrayLike<number>, plot: Plot): number[][] {
  const parts: number[][] = []
  let part: number[] = []
  for (let i = 0; i < xs.length; i++) {
    const [px, py] = [plot.x(xs[i]!), plot.y(ys[i]!)]
    if (Number.isFinite(px) && Number.isFinite(py)) {
      if (part.length === 0) parts.push(part)
      part.push(px, py)
    } else part = []
  }
  return parts
}
