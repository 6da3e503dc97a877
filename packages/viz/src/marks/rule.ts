import { checkPositive, expected, optionsOf } from '@sgm/tensor/check'
import { checkColor, checkLabel } from '../look'
import type { Color, Mark, Shape } from '../types'

/** Options of {@link rule}. */
export interface RuleOptions {
  /** Where a line stands upright. */
  readonly x?: number
  /** Where a line lies level. */
  readonly y?: number
  /** Written at its end. */
  readonly label?: string
  /** @default the theme's muted ink */
  readonly color?: Color
  /** Pixels. @default 1.5 */
  readonly strokeWidth?: number
}

/**
 * A line across the plot: a value to compare with, a published one say.
 *
 * @throws RangeError unless one of x and y is given, and finite.
 * @example
 * const picture = await figure([curve(Math.sin), rule({ y: 0, label: 'zero' })])
 */
export async function rule(options: RuleOptions): Promise<Mark> {
  const {
    x,
    y,
    label,
    color,
    strokeWidth = 1.5,
  } = optionsOf('rule', options, { x: true, y: true, label: true, color: true, strokeWidth: true })
  const at = x ?? y
  if ((x === undefined) === (y === undefined) || !Number.isFinite(at)) {
    throw expected('rule', 'one finite x or y', [x, y])
  }
  checkPositive('rule', { strokeWidth })
  checkLabel('rule', label)
  checkColor('rule', color)
  return {
    name: 'rule',
    description: `a line at ${x === undefined ? 'y' : 'x'} = ${at}${label ? `: ${label}` : ''}`,
    ...(x === undefined ? { y: [at!, at!] as const } : { x: [at!, at!] as const }),
    draw: (plot) => {
      const stroke = color === undefined ? plot.theme.muted : plot.color(color)
      const [px, py] = [x === undefined ? plot.width : plot.x(x), y === undefined ? 0 : plot.y(y)]
      const line: Shape = {
        type: 'path',
        lines: [x === undefined ? [0, py, plot.width, py] : [px, 0, px, plot.height]],
        stroke,
        strokeWidth,
        dash: [6, 4],
      }
      if (!label) return [line]
      const left = x !== undefined && px < plot.width / 2
      return [
        line,
        {
          type: 'text',
          x: left ? px + 6 : px - 6,
          y: x === undefined ? (py < 20 ? py + 15 : py - 6) : 13,
          text: label,
          size: 12,
          fill: stroke,
          anchor: left ? 'start' : 'end',
        },
      ]
    },
  }
}
