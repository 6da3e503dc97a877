import { expected, objectOf, optionsOf } from '@sgm/tensor/check'
import { baseOf } from '../layout/placed'
import { checkLabels } from '../look'
import { extentOf, readList, type Values } from '../read'
import type { LegendEntry, Mark } from '../types'

/** Options of {@link bars}. */
export interface BarsOptions {
  /** One name a bar of each series. @default 1, 2, … */
  readonly categories?: readonly string[]
}

/**
 * Bars in groups: one group a category, in it one bar a series, such as the weights of modes by several samplers.
 *
 * @param series `[n]` numbers by the name of their series.
 * @throws RangeError when lengths differ.
 * @example
 * const mark = bars(
 *   { found: [0.19, 0.81], true: [0.2, 0.8] },
 *   { categories: ['left', 'right'] },
 * )
 * const picture = await figure([mark], { title: 'Weights of the modes' })
 */
export async function bars(
  series: Readonly<Record<string, Values>>,
  options: BarsOptions = {},
): Promise<Mark> {
  const { categories } = optionsOf('bars', options, { categories: true })
  checkLabels('bars', { categories })
  const names = Object.keys(objectOf('bars', series, 'an object of series'))
  if (names.length === 0) throw expected('bars', 'at least one series', 'none')
  const first = await readList('bars', `values of ${names[0]}`, series[names[0]!]!, categories?.length)
  const groups = first.length
  const rows = await Promise.all(
    names.map((name) => readList('bars', `values of ${name}, one a category`, series[name]!, groups)),
  )
  const labels = categories ?? Array.from(first, (_, i) => String(i + 1))
  const all = rows.flatMap((row) => Array.from(row))
  const [low = 0, high = 0] = extentOf(all) ?? []
  const missing = all.filter((v) => !Number.isFinite(v)).length
  return {
    name: 'bars',
    description: `bars of ${names.join(', ')} for ${labels.join(', ')}`,
    ...(groups > 0 && {
      x: [-0.5, groups - 0.5] as const,
      y: [Math.min(0, low), Math.max(0, high)] as const,
    }),
    axes: {
      x: { ticks: labels.map((label, at) => ({ at, label })), domain: [-0.5, Math.max(groups, 1) - 0.5] },
    },
    colors: names.length,
    legend: (paint): LegendEntry[] =>
      names.length < 2
        ? []
        : names.map((label, k) => ({ label, color: paint.color(undefined, k), swatch: 'area' })),
    note: () =>
      missing > 0 ? `${missing} of ${all.length} values are not finite, and left out.` : undefined,
    draw: (plot) =>
      rows.map((row, k) => ({
        type: 'path',
        closed: true,
        fill: plot.color(undefined, k),
        lines: Array.from(row, (value, i) => {
          if (!Number.isFinite(value)) return []
          const from = i - 0.4 + (0.8 * k) / rows.length
          const [a, b] = [plot.x(from), plot.x(from + 0.8 / rows.length) - (rows.length > 1 ? 1 : 0)]
          const base = baseOf(plot)
          return [a, base, a, plot.y(value), b, plot.y(value), b, base]
        }),
      })),
  }
}
