import { checkPositive, expected, formatShape, optionsOf } from '@sgm/tensor/check'
import { checkColor, checkLabel } from '../look'
import { extentOf, read, readList, type Values } from '../read'
import type { Color, LegendEntry, Mark, Plot, Shape } from '../types'
import { pieces } from './line'

/** Options of {@link paths}. */
export interface PathsOptions {
  /** `[T]`: the time of each state, for paths of numbers; without times, states are points of the plane. */
  readonly times?: Values
  /** One colour for all paths. @default the next of the palette */
  readonly color?: Color
  /** A colour of the palette for each path in turn. @default false */
  readonly each?: boolean
  /** Its entry in the legend. */
  readonly label?: string
  /** Pixels. @default 1.5 */
  readonly strokeWidth?: number
  /** From 0 to 1. @default 0.9 for a few paths, down to 0.25 for many */
  readonly opacity?: number
  /** Lengths of strokes and gaps in turn, in pixels. @default whole lines */
  readonly dash?: readonly number[]
  /** Marks the last state of each path by a disc. @default in the plane */
  readonly ends?: boolean
}

/**
 * Sample paths: over time, or in the plane. Where a state is not finite, its path is broken.
 *
 * @param states One entry a time: `[n, 2]`, or with `times` `[n]` or `[n, 1]`; as a list, or in one as `[T, n, 2]` or `[T, n]`.
 * @throws RangeError when the shapes do not fit, or an option does not.
 * @example
 * const values = Float32Array.of(0, 0, 1, 1, 2, 4)
 * const states = { values, shape: [3, 1, 2] } // steps, paths, x and y
 * const picture = await figure([paths(states)])
 */
export async function paths(states: Values, options: PathsOptions = {}): Promise<Mark> {
  const {
    color,
    each = false,
    label,
    strokeWidth = 1.5,
    dash,
    ends = !options?.times,
  } = optionsOf('paths', options, {
    times: true,
    color: true,
    each: true,
    label: true,
    strokeWidth: true,
    opacity: true,
    dash: true,
    ends: true,
  })
  checkLabel('paths', label)
  checkColor('paths', color)
  checkPositive('paths', { strokeWidth })
  const { steps, n, xs, ys } = await read2(states, options.times)
  const opacity = options.opacity ?? Math.min(0.9, Math.max(0.25, 5 / Math.sqrt(n || 1)))
  if (!(Number.isFinite(opacity) && opacity > 0 && opacity <= 1)) {
    throw expected('paths', 'opacity in (0, 1]', opacity)
  }
  const draw = (plot: Plot): Shape[] => {
    const lines = Array.from({ length: n }, (_, i) => pieces(every(xs, i, n), every(ys, i, n), plot))
    const colors = lines.map((_, i) => (each ? plot.color(i) : plot.color(color)))
    const strokes = lines.map(
      (own, i): Shape => ({
        type: 'path',
        lines: own,
        stroke: colors[i]!,
        strokeWidth,
        opacity,
        ...(dash && { dash }),
      }),
    )
    if (!ends) return strokes
    const last = lines.map((own) => own.at(-1)?.slice(-2) ?? [])
    return [
      ...strokes,
      ...last.map(
        (centres, i): Shape => ({ type: 'dots', centres, radius: 1.8 * strokeWidth, fill: colors[i]! }),
      ),
    ]
  }
  return {
    name: 'paths',
    description: `${n} paths of ${steps} states${label ? `: ${label}` : ''}`,
    x: extentOf(xs),
    y: extentOf(ys),
    equal: !options.times,
    colors: color === undefined && !each ? 1 : 0,
    legend: (paint): LegendEntry[] =>
      label ? [{ label, color: paint.color(each ? 0 : color), swatch: 'line', ...(dash && { dash }) }] : [],
    note: () => {
      const missing = ys.filter((y, i) => !(Number.isFinite(y) && Number.isFinite(xs[i]))).length
      return missing > 0 ? `${missing} of ${ys.length} states are not finite, and left out.` : undefined
    },
    draw,
  }
}

/** The coordinates of all states, those of one time together. */
async function read2(states: Values, times: Values | undefined) {
  const { values, shape } = await read('paths', 'states', states)
  const [steps = 0, n = 0, d = 1] = shape
  const wanted = times ? 1 : 2
  if (values.length === 0) return { steps: 0, n: 0, xs: new Float64Array(), ys: new Float64Array() }
  const { rows, width } = times
    ? { rows: n || 1, width: d }
    : shape.length === 2
      ? { rows: n / 2, width: 2 }
      : { rows: n, width: d }
  if (shape.length > 3 || width !== wanted || !Number.isInteger(rows)) {
    throw expected('paths', `states of shape [T, n, ${wanted}]`, formatShape(shape))
  }
  const count = steps * rows
  const ys = Float64Array.from({ length: count }, (_, i) => values[wanted * i + wanted - 1]!)
  if (!times)
    return { steps, n: rows, xs: Float64Array.from({ length: count }, (_, i) => values[2 * i]!), ys }
  const at = await readList('paths', 'times, one for each state', times, steps)
  return { steps, n: rows, xs: Float64Array.from({ length: count }, (_, i) => at[Math.floor(i / rows)]!), ys }
}

function every(values: Float64Array, from: number, step: number): Float64Array {
  return values.filter((_, i) => i % step === from)
}
