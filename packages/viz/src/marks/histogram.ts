import { checkExtent, checkIntegers, expected, optionsOf } from '@sgm/tensor/check'
import { baseOf } from '../layout/placed'
import { around, isFlat } from '../layout/window'
import { checkColor, checkLabel } from '../look'
import { extentOf, readList, type Values } from '../read'
import type { Color, Extent, LegendEntry, Mark } from '../types'

/** Options of {@link histogram}. */
export interface HistogramOptions {
  /** How many bins. @default by Freedman and Diaconis (1981), from 5 to 80 */
  readonly bins?: number
  /** From the first bin to the last; a note counts what lies outside. @default what the values span */
  readonly domain?: Extent
  /** Areas that add to 1, over a line of the density say, instead of counts. @default true */
  readonly density?: boolean
  /** Its entry in the legend. */
  readonly label?: string
  /** @default the next of the palette */
  readonly color?: Color
}

/**
 * How numbers are spread.
 *
 * @param values Any shape; values that are not finite are left out, and a note counts them.
 * @throws RangeError when an option does not fit.
 * @example
 * const picture = await figure([histogram([0, 0.1, 0.1, 0.4, 0.9], { bins: 5 })])
 */
export async function histogram(values: Values, options: HistogramOptions = {}): Promise<Mark> {
  const {
    bins,
    domain,
    density = true,
    label,
    color,
  } = optionsOf('histogram', options, { bins: true, domain: true, density: true, label: true, color: true })
  checkLabel('histogram', label)
  checkColor('histogram', color)
  if (bins !== undefined) checkIntegers('histogram', { bins }, 1, MOST_BINS)
  if (domain !== undefined) checkExtent('histogram', 'domain', domain)
  const all = Float64Array.from(await readList('histogram', 'values', values))
  const finite = all.filter(Number.isFinite).sort()
  const span = domain ?? widened(extentOf(finite))
  if (isFlat(span) || !Number.isFinite(span[1] - span[0])) {
    throw expected('histogram', 'values that lie between 1e-300 and 1.8e308 apart', span)
  }
  const inside = finite.filter((v) => v >= span[0] && v <= span[1])
  const counts = new Float64Array(bins ?? freedmanDiaconis(inside, span))
  const width = (span[1] - span[0]) / counts.length
  for (const v of inside) counts[Math.min(Math.floor((v - span[0]) / width), counts.length - 1)]!++
  const heights = density ? counts.map((c) => c / (finite.length * width)) : counts
  const [missing, outside] = [all.length - finite.length, finite.length - inside.length]
  return {
    name: 'histogram',
    description: `histogram of ${finite.length} values${label ? `: ${label}` : ''}`,
    ...(finite.length > 0 && { x: span, y: [0, Math.max(...heights)] as const }),
    axes: { y: { label: density ? 'density' : 'count' } },
    colors: color === undefined ? 1 : 0,
    legend: (paint): LegendEntry[] => (label ? [{ label, color: paint.color(color), swatch: 'area' }] : []),
    note: () =>
      [
        missing > 0 && `${missing} of ${all.length} values are not finite, and left out.`,
        outside > 0 && `${outside} of ${all.length} values lie outside.`,
      ]
        .filter(Boolean)
        .join(' ') || undefined,
    draw: (plot) => {
      const boxes = Array.from(heights, (height, i) => {
        const [left, right] = [plot.x(span[0] + i * width), plot.x(span[0] + (i + 1) * width)]
        const inset = Math.min(0.5, (right - left) / 4)
        const [a, b, top, base] = [left + inset, right - inset, plot.y(height), baseOf(plot)]
        return height > 0 ? [a, base, a, top, b, top, b, base] : []
      })
      return [{ type: 'path', lines: boxes, closed: true, fill: plot.color(color), opacity: 0.65 }]
    },
  }
}

function widened(extent: Extent | undefined): Extent {
  if (!extent) return [0, 1]
  return isFlat(extent) ? around(extent[0]) : extent
}

const MOST_BINS = 2 ** 16

/** Bins of width 2·IQR·n^{−1/3}. */
function freedmanDiaconis(sorted: Float64Array, [low, high]: Extent): number {
  const n = sorted.length
  const quantile = (q: number) => sorted[Math.floor(q * (n - 1))] ?? 0
  const width = (2 * (quantile(0.75) - quantile(0.25))) / Math.cbrt(n || 1)
  return Math.min(80, Math.max(5, width > 0 ? Math.ceil((high - low) / width) : 5))
}
