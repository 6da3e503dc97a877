import { expected } from '@sgm/tensor/check'
import type { AxisOptions, Extent, Mark, Window } from '../types'

const PADDING = 0.04

/** The window that shows all marks: to the edge of those that fill it, else with some room around. */
export function windowOf(where: string, marks: readonly Mark[], x: AxisOptions, y: AxisOptions): Window {
  return { x: domainOf(where, 'x', marks, x), y: domainOf(where, 'y', marks, y) }
}

/** One range over several. */
export function union(extents: readonly Extent[]): Extent {
  return [Math.min(...extents.map(([low]) => low)), Math.max(...extents.map(([, high]) => high))]
}

function domainOf(
  where: string,
  axis: 'x' | 'y',
  marks: readonly Mark[],
  { domain, scale }: AxisOptions,
): Extent {
  const found = domain ?? foundDomain(axis, marks, scale)
  if (scale === 'log' && found[0] <= 0) {
    throw expected(where, `values > 0 along ${axis}, whose scale is logarithmic`, found[0])
  }
  if (!Number.isFinite(found[1] - found[0])) {
    throw expected(where, `values along ${axis} that lie less than 1.8e308 apart`, found)
  }
  return found
}

function foundDomain(axis: 'x' | 'y', marks: readonly Mark[], scale: AxisOptions['scale']): Extent {
  const filling = marks.filter((mark) => mark.fills?.[axis] && mark[axis])
  const extents = (filling.length > 0 ? filling : marks).flatMap((mark) => mark[axis] ?? [])
  const pairs = extents.flatMap((value, i) => (i % 2 === 0 ? [[value, extents[i + 1]!] as const] : []))
  if (pairs.length === 0) return scale === 'log' ? [1, 10] : [0, 1]
  const whole = union(pairs)
  if (scale === 'log') {
    if (whole[0] <= 0) return whole
    const logs: Extent = [Math.log(whole[0]), Math.log(whole[1])]
    if (isFlat(logs)) return held([whole[0] / 2, whole[0] * 2])
    const [low, high] = padded(logs)
    return held([Math.exp(low), Math.exp(high)])
  }
  if (isFlat(whole)) return around(whole[0])
  return filling.length > 0 ? whole : withinSign(whole, padded(whole))
}

function padded([low, high]: Extent): Extent {
  const room = PADDING * (high - low)
  return [low - room, high + room]
}

/** Room is not made beyond 0 where no value lies beyond it. */
function withinSign([low, high]: Extent, [below, above]: Extent): Extent {
  return [low >= 0 ? Math.max(below, 0) : below, high <= 0 ? Math.min(above, 0) : above]
}

/** A range within the positive numbers that there are. */
export function held([low, high]: Extent): Extent {
  return [Math.max(low, Number.MIN_VALUE), Math.min(high, Number.MAX_VALUE)]
}

/** Whether a range is too narrow to be divided: numbers hold 16 digits, and none below 5e-324. */
export function isFlat([low, high]: Extent): boolean {
  return !(high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high)) && high - low > 1e-300)
}

/** A range with room around a number. */
export function around(value: number): Extent {
  const room = Math.max(0.5, 0.05 * Math.abs(value))
  return [Math.max(value - room, -Number.MAX_VALUE), Math.min(value + room, Number.MAX_VALUE)]
}
