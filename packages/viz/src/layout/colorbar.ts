import { bytesOf } from '../colors'
import type { Colorbar, Mark, Shape, Theme } from '../types'
import { type Axis, axisOf } from './axis'
import { textWidth } from './text'

const GAP = 14
const BAR = 12
const TICK = 11

/** A bar of colours, measured. */
export interface BarLayout {
  readonly bar: Colorbar
  readonly axis: Axis
  readonly width: number
}

/** The bars of the marks that have one. */
export function barsOf(marks: readonly Mark[], theme: Theme): BarLayout[] {
  return marks.flatMap((mark) => {
    const bar = mark.colorbar?.(theme)
    if (!bar) return []
    const axis = axisOf({ label: bar.label, scale: bar.type ?? 'linear' }, bar.domain, 5)
    const labels = Math.max(0, ...axis.ticks.map(({ label }) => textWidth(label, TICK)))
    return [{ bar, axis, width: GAP + BAR + 6 + labels + (bar.label ? 20 : 0) }]
  })
}

/** Pixels that the bars need beside the plot. */
export function barsWidth(bars: readonly BarLayout[]): number {
  return bars.reduce((sum, { width }) => sum + width, 0)
}

/** The bars, from the right edge of the plot. */
export function drawBars(
  bars: readonly BarLayout[],
  plotWidth: number,
  height: number,
  theme: Theme,
): Shape[] {
  let x = plotWidth
  return bars.map(({ bar, axis, width }) => {
    const at = x + GAP
    x += width
    const steps = bytesOf(bar.scale)
    const rows = steps.length / 4
    const pixels = new Uint8ClampedArray(steps.length)
    for (let i = 0; i < rows; i++) pixels.set(steps.subarray(4 * i, 4 * i + 4), 4 * (rows - 1 - i))
    const ys = axis.ticks.map((tick) => (1 - axis.unit(tick.at)) * height)
    const shapes: Shape[] = [
      { type: 'image', x: 0, y: 0, width: BAR, height, pixels, columns: 1, rows, smooth: true },
      { type: 'path', lines: ys.map((y) => [BAR, y, BAR + 3, y]), stroke: theme.muted, strokeWidth: 1 },
      ...axis.ticks.map(
        ({ label }, i): Shape => ({
          type: 'text',
          x: BAR + 6,
          y: ys[i]!,
          text: label,
          size: TICK,
          fill: theme.muted,
          baseline: 'middle',
        }),
      ),
    ]
    if (bar.label) {
      shapes.push({
        type: 'text',
        x: width - GAP - 3,
        y: height / 2,
        text: bar.label,
        size: 12,
        fill: theme.ink,
        anchor: 'middle',
        upwards: true,
      })
    }
    return { type: 'group', name: 'colorbar', x: at, y: 0, shapes }
  })
}
