import { checkHalfOpen, checkPositive, optionsOf } from '@sgm/tensor/check'
import { checkColor, checkLabel } from '../look'
import { extentOf, readList, type Values } from '../read'
import type { Color, LegendEntry, Mark, Plot, Shape } from '../types'
import { pieces } from './line'

/** Options of {@link lossCurve}. */
export interface LossCurveOptions {
  /** `[n]`: the step of each loss. @default 1, 2, … */
  readonly steps?: Values
  /** The moving average's memory, in [0, 1); 0 draws the losses alone. @default 0.98 */
  readonly smoothing?: number
  /** Its entry in the legend. */
  readonly label?: string
  /** @default the next of the palette */
  readonly color?: Color
  /** Pixels. @default 2 */
  readonly strokeWidth?: number
}

/**
 * Losses by step, pale, and their exponential moving average (without the bias of its start) over them. The window is that of
 * the average, so that single high losses do not flatten it.
 *
 * @param losses `[n]`
 * @throws RangeError when lengths differ, or an option does not fit.
 * @example
 * const picture = await figure([
 *   lossCurve([2, 1.5, 1.2, 1.1], { steps: [100, 200, 300, 400] }),
 * ])
 */
export async function lossCurve(losses: Values, options: LossCurveOptions = {}): Promise<Mark> {
  const {
    smoothing = 0.98,
    label,
    color,
    strokeWidth = 2,
  } = optionsOf('lossCurve', options, {
    steps: true,
    smoothing: true,
    label: true,
    color: true,
    strokeWidth: true,
  })
  checkLabel('lossCurve', label)
  checkColor('lossCurve', color)
  checkHalfOpen('lossCurve', { smoothing }, 0, 1)
  checkPositive('lossCurve', { strokeWidth })
  const ys = await readList('lossCurve', 'losses', losses)
  const xs = options.steps
    ? await readList('lossCurve', 'steps, one for each loss', options.steps, ys.length)
    : Float64Array.from(ys, (_, i) => i + 1)
  const smooth = average(ys, smoothing)
  const missing = Array.from(ys).filter((y) => !Number.isFinite(y)).length
  const draw = (plot: Plot): Shape[] => {
    const stroke = plot.color(color)
    return [
      {
        type: 'path',
        lines: pieces(xs, ys, plot).map(thinned),
        stroke,
        strokeWidth: 1,
        opacity: smoothing > 0 ? 0.25 : 1,
      },
      ...(smoothing > 0
        ? [{ type: 'path' as const, lines: pieces(xs, smooth, plot).map(thinned), stroke, strokeWidth }]
        : []),
    ]
  }
  return {
    name: 'lossCurve',
    description: `losses of ${ys.length} steps${label ? `: ${label}` : ''}`,
    x: extentOf(xs),
    y: typical(ys, smooth),
    axes: { x: { label: 'step' }, y: { label: 'loss' } },
    colors: color === undefined ? 1 : 0,
    legend: (paint): LegendEntry[] => (label ? [{ label, color: paint.color(color), swatch: 'line' }] : []),
    note: () => (missing > 0 ? `${missing} of ${ys.length} losses are not finite, and left out.` : undefined),
    draw,
  }
}

/** m ← βm + (1 − β)y over 1 − βⁿ. */
function average(ys: ArrayLike<number>, beta: number): Float64Array {
  let [sum, weight] = [0, 0]
  return Float64Array.from(ys, (y) => {
    if (Number.isFinite(y)) {
      sum = beta * sum + (1 - beta) * y
      weight = beta * weight + (1 - beta)
    }
    return Number.isFinite(y) ? sum / weight : Number.NaN
  })
}

/** From the average's least and greatest, and from the losses all but the outermost hundredth. */
function typical(ys: ArrayLike<number>, smooth: Float64Array): [number, number] | undefined {
  const sorted = Float64Array.from(ys).filter(Number.isFinite).sort()
  if (sorted.length === 0) return undefined
  const at = (q: number) => sorted[Math.round(q * (sorted.length - 1))]!
  const [low, high] = extentOf(smooth)!
  return [Math.min(low, at(0.01)), Math.max(high, at(0.99))]
}

/** Of the corners in one column of pixels, the lowest and the highest: looks the same, and stays small. */
function thinned(line: readonly number[]): number[] {
  if (line.length < 4000) return [...line]
  const kept: number[] = []
  for (let i = 0; i < line.length; ) {
    const column = Math.floor(line[i]!)
    let [low, high] = [i, i]
    for (; i < line.length && Math.floor(line[i]!) === column; i += 2) {
      if (line[i + 1]! < line[low + 1]!) low = i
      if (line[i + 1]! > line[high + 1]!) high = i
    }
    for (const j of low < high ? [low, high] : [high, low]) kept.push(line[j]!, line[j + 1]!)
  }
  return kept
}
