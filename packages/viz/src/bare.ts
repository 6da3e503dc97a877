import { checkExtent, checkFunctions, checkStrings, optionsOf } from '@sgm/tensor/check'
import { drawMarks, equalRatio, paintsOf } from './layout/marks'
import { windowOf } from './layout/window'
import { checkStyle, listOf } from './style'
import { themeOf } from './theme'
import type { Extent, Mark, Picture, Scene, Style } from './types'

/** Options of {@link bare}. */
export interface BareOptions extends Style {
  /** From the left edge to the right. @default what the marks span */
  readonly x?: Extent
  /** From the lower edge to the upper. @default what the marks span */
  readonly y?: Extent
  /** For readers who cannot see the picture. @default what the marks say of themselves */
  readonly description?: string
}

const WIDTH = 560

/**
 * Marks from edge to edge, without axes, legend and text: a thumbnail, or a field that moves in a page. One unit of x is as
 * long as one of y; axes are linear. A page that draws nothing else downloads a third of what `figure` takes.
 *
 * @param marks Marks, or promises of them, the first at the bottom.
 * @throws RangeError when an option does not fit.
 * @example
 * const plane = grid({ x: [-2, 2], size: 9 })
 * const field = quiver(plane, (x, y) => [-x, -y])
 * const picture = await bare([field, scatter([0, 0])], { width: 200 })
 */
export async function bare(
  marks: readonly (Mark | Promise<Mark>)[],
  options: BareOptions = {},
): Promise<Picture> {
  const all = await Promise.all(listOf('bare', 'marks', marks))
  for (const mark of all) checkFunctions('bare', { 'draw of a mark': mark?.draw })
  checkStyle(
    'bare',
    optionsOf('bare', options, {
      theme: true,
      width: true,
      notes: true,
      x: true,
      y: true,
      description: true,
    }),
  )
  const { description = all.map((mark) => mark.description).join('; ') } = options
  checkStrings('bare', { description })
  for (const axis of ['x', 'y'] as const) {
    if (options[axis] !== undefined) checkExtent('bare', axis, options[axis])
  }
  const window = windowOf('bare', all, axisOf(options.x), axisOf(options.y))
  return {
    layout(style: Style = {}): Scene {
      checkStyle('bare', optionsOf('bare', style, { theme: true, width: true, notes: true }))
      const theme = themeOf('bare', style.theme ?? options.theme ?? 'light')
      const width = style.width ?? options.width ?? WIDTH
      const height = Math.round(width * equalRatio(window))
      const unit = (value: number, [low, high]: Extent) => (value - low) / (high - low)
      const area = {
        width,
        height,
        window,
        x: (value: number) => unit(value, window.x) * width,
        y: (value: number) => (1 - unit(value, window.y)) * height,
      }
      return {
        width,
        height,
        background: theme.background,
        font: theme.font,
        title: '',
        description,
        shapes: [drawMarks(all, paintsOf(all, theme), area)],
      }
    },
  }
}

function axisOf(domain: Extent | undefined) {
  return domain === undefined ? {} : { domain }
}
