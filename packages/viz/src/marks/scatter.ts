import { checkPositive, expected, optionsOf } from '@sgm/tensor/check'
import { checkColor, checkLabels } from '../look'
import { extentOf, readList, readRows, type Values } from '../read'
import type { Color, Extent, LegendEntry, Mark, Plot, Shape } from '../types'

/** Options of {@link scatter}. */
export interface ScatterOptions {
  /** Pixels. @default 3 for a few points, down to 1 for many */
  readonly radius?: number
  /** From 0 to 1. @default 0.8 for a few points, down to 0.15 for many */
  readonly opacity?: number
  /** @default the next of the palette */
  readonly color?: Color
  /** `[n]` whole numbers >= 0: the colour of each point is that of its class in the palette. */
  readonly classes?: Values
  /** Its entry in the legend; for classes, one a class. */
  readonly label?: string | readonly string[]
}

/**
 * Points of the plane as discs. Points that are not finite are left out, and a note counts them; so does one for points
 * outside the window.
 *
 * @param points `[n, 2]`
 * @throws RangeError when the shape is another, or an option does not fit.
 * @example
 * const points = twoMoons(key(0), 200)
 * const picture = await figure([scatter(points, { radius: 2 })])
 */
export async function scatter(points: Values, options: ScatterOptions = {}): Promise<Mark> {
  const { color, classes, label } = optionsOf('scatter', options, {
    radius: true,
    opacity: true,
    color: true,
    classes: true,
    label: true,
  })
  checkColor('scatter', color)
  if (typeof label !== 'string') checkLabels('scatter', { label })
  const { values, shape } = await readRows('scatter', 'points', points, 2)
  const n = shape[0]!
  const {
    radius = Math.min(3, Math.max(1, 60 / Math.sqrt(n))),
    opacity = Math.min(0.8, Math.max(0.15, 40 / Math.sqrt(n))),
  } = options
  checkPositive('scatter', { radius })
  if (!(Number.isFinite(opacity) && opacity > 0 && opacity <= 1)) {
    throw expected('scatter', 'opacity in (0, 1]', opacity)
  }
  const groups = await groupsOf(n, classes)
  const names = typeof label === 'string' ? [label] : (label ?? [])
  const finite = (i: number) => Number.isFinite(values[2 * i]) && Number.isFinite(values[2 * i + 1])
  const draw = (plot: Plot): Shape[] =>
    groups.map((members, k) => ({
      type: 'dots',
      centres: place(plot, values, members.filter(finite)),
      radius,
      opacity,
      fill: plot.color(color, k),
    }))
  return {
    name: 'scatter',
    description: `${n} points${names.length > 0 ? ` (${names.join(', ')})` : ''}`,
    x: extentOf(values, 0, 2),
    y: extentOf(values, 1, 2),
    equal: true,
    colors: color === undefined ? groups.length : 0,
    legend: (paint): LegendEntry[] =>
      names.map((name, k) => ({ label: name, color: paint.color(color, k), swatch: 'dot' })),
    note: (window) => notesOf(values, window),
    draw,
  }
}

async function groupsOf(n: number, classes: Values | undefined): Promise<Int32Array[]> {
  if (!classes) return [Int32Array.from({ length: n }, (_, i) => i)]
  const labels = Array.from(await readList('scatter', 'classes', classes, n))
  const wrong = labels.find((k) => !(Number.isInteger(k) && k >= 0 && k < 1000))
  if (wrong !== undefined) throw expected('scatter', 'classes to be whole numbers in 0…999', wrong)
  const count = labels.reduce((most, k) => Math.max(most, k + 1), 0)
  const groups = Array.from({ length: count }, (): number[] => [])
  labels.forEach((k, i) => {
    groups[k]!.push(i)
  })
  return groups.map((members) => Int32Array.from(members))
}

function place(plot: Plot, values: ArrayLike<number>, members: Int32Array): Float32Array {
  const placed = new Float32Array(2 * members.length)
  for (let j = 0; j < members.length; j++) {
    placed[2 * j] = plot.x(values[2 * members[j]!]!)
    placed[2 * j + 1] = plot.y(values[2 * members[j]! + 1]!)
  }
  return placed
}

function notesOf(values: ArrayLike<number>, { x, y }: { readonly x: Extent; readonly y: Extent }) {
  let [missing, outside] = [0, 0]
  for (let i = 0; i < values.length; i += 2) {
    const [a, b] = [values[i]!, values[i + 1]!]
    if (!(Number.isFinite(a) && Number.isFinite(b))) missing++
    else if (a < x[0] || a > x[1] || b < y[0] || b > y[1]) outside++
  }
  const n = values.length / 2
  const notes = [
    missing > 0 && `${missing} of ${n} points are not finite, and left out.`,
    outside > 0 && `${outside} of ${n} points lie outside.`,
  ]
  return notes.filter(Boolean).join(' ') || undefined
}
