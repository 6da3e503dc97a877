import {
  checkFinite,
  checkFunctions,
  checkHalfOpen,
  checkStrings,
  expected,
  type NamesOf,
  optionsOf,
} from '@sgm/tensor/check'
import { checkAxis } from './layout/axis'
import { type Content, type Frame, frameOf } from './layout/frame'
import { rounded } from './layout/text'
import { union, windowOf } from './layout/window'
import { checkStyle, listOf } from './style'
import { themeOf } from './theme'
import type { AxisOptions, Mark, Picture, Scene, Style, Theme, Window } from './types'

/** Options of {@link figure}. */
export interface FigureOptions extends Style {
  /** Above the figure, and its name for who cannot see it. */
  readonly title?: string
  /** Smaller, under the title. */
  readonly subtitle?: string
  /** For readers who cannot see the figure. @default made of what the marks say of themselves */
  readonly description?: string
  /** The horizontal axis, or its label. */
  readonly x?: string | AxisOptions
  /** The vertical axis, or its label. */
  readonly y?: string | AxisOptions
  /** Height of the plot, without what stands around it, in pixels. @default what `aspect` gives */
  readonly height?: number
  /** The plot's height over its width; `'equal'` gives both axes one unit. @default `'equal'` in the plane, else 0.6 */
  readonly aspect?: number | 'equal'
  /** Whether marks with a label are listed above the plot. @default true */
  readonly legend?: boolean
}

/** How a figure is framed among others. */
export interface FrameOptions {
  /** Whether the labels along x and along y are its own to show. @default both */
  readonly outer?: { readonly x: boolean; readonly y: boolean }
  /** @default the figure's own */
  readonly notes?: boolean
}

/** Marks in one pair of axes. */
export interface Figure extends Picture {
  readonly title: string
  readonly description: string
  /** The part of the plane that it shows. */
  readonly window: Window
  /** The same figure with other options. */
  with(options: FigureOptions): Figure
  /** The figure with its text measured: what panels are made of. */
  frame(theme: Theme, width: number, options?: FrameOptions): Frame
}

const NAMES: NamesOf<FigureOptions> = {
  theme: true,
  width: true,
  notes: true,
  title: true,
  subtitle: true,
  description: true,
  x: true,
  y: true,
  height: true,
  aspect: true,
  legend: true,
}

const WIDTH = 560

/**
 * A figure of marks, the first at the bottom. Nothing is drawn yet: `toSvg`, `drawOn`, `toPng` do.
 *
 * @param marks Marks, or promises of them, as the makers of marks give.
 * @throws RangeError when an option does not fit.
 * @example
 * const plane = grid()
 * const density = (x: number, y: number) => Math.exp(-(x * x + y * y) / 2)
 * const field = quiver(plane, (x, y) => [-x, -y])
 * const picture = await figure([contours(plane, density), field], {
 *   title: 'A Gaussian and its score',
 * })
 */
export async function figure(
  marks: readonly (Mark | Promise<Mark>)[],
  options: FigureOptions = {},
): Promise<Figure> {
  const all = await Promise.all(listOf('figure', 'marks', marks))
  for (const mark of all) checkFunctions('figure', { 'draw of a mark': mark?.draw })
  return assemble(all, optionsOf('figure', options, NAMES))
}

/** Throws unless all are figures. */
export function checkFigures(where: string, figures: readonly Figure[]): void {
  for (const figure of figures) checkFunctions(where, { 'frame of a figure': figure?.frame })
}

/**
 * The same figures, all with the window that shows all of any: frames of an animation, say.
 *
 * @param figures Those that are to have the same axes.
 * @param options Any of `x` (true), `y` (true): which of the axes.
 * @throws RangeError when there are none.
 * @example
 * const figures = await Promise.all([
 *   figure([curve(Math.sin)]),
 *   figure([curve(Math.exp)]),
 * ])
 * const alike = shareAxes(figures)
 */
export function shareAxes(
  figures: readonly Figure[],
  options: { readonly x?: boolean; readonly y?: boolean } = {},
): Figure[] {
  const { x = true, y = true } = optionsOf('shareAxes', options, { x: true, y: true })
  checkFigures('shareAxes', listOf('shareAxes', 'figures', figures))
  if (figures.length === 0) throw expected('shareAxes', 'at least one figure', 'none')
  const window = {
    x: union(figures.map((one) => one.window.x)),
    y: union(figures.map((one) => one.window.y)),
  }
  return figures.map((one) =>
    one.with({ ...(x && { x: { domain: window.x } }), ...(y && { y: { domain: window.y } }) }),
  )
}

function assemble(marks: readonly Mark[], options: FigureOptions): Figure {
  check(options)
  const x = axisOptions('x', marks, options.x)
  const y = axisOptions('y', marks, options.y)
  const plane = marks.some(({ equal }) => equal)
  const content: Content = {
    marks,
    window: windowOf('figure', marks, x, y),
    x,
    y,
    title: options.title ?? '',
    subtitle: options.subtitle ?? '',
    legend: options.legend ?? true,
    aspect: options.aspect ?? (plane ? 'equal' : 0.6),
    height: options.height,
    notes: options.notes ?? true,
  }
  const title = options.title ?? ''
  const description = options.description ?? describe(content)
  return {
    title,
    description,
    window: content.window,
    with(other) {
      const { x, y } = optionsOf('figure', other, NAMES)
      return assemble(marks, { ...options, ...other, x: merge(options.x, x), y: merge(options.y, y) })
    },
    frame(theme, width, how = {}) {
      checkFinite('figure', { width })
      const { outer, notes = content.notes } = optionsOf('figure', how, { outer: true, notes: true })
      return frameOf({ ...content, notes }, themeOf('figure', theme), width, outer)
    },
    layout(style: Style = {}): Scene {
      checkStyle('figure', optionsOf('figure', style, { theme: true, width: true, notes: true }))
      const theme = themeOf('figure', style.theme ?? options.theme ?? 'light')
      const width = style.width ?? options.width ?? WIDTH
      const { margins, heightFor, draw } = frameOf(
        { ...content, notes: style.notes ?? content.notes },
        theme,
        width,
      )
      const plotWidth = Math.max(width - margins.left - margins.right, 20)
      const plotHeight = heightFor(plotWidth)
      return {
        width,
        height: Math.ceil(margins.top + plotHeight + margins.bottom),
        background: theme.background,
        font: theme.font,
        title,
        description,
        shapes: [draw(plotWidth, plotHeight)],
      }
    },
  }
}

function check(options: FigureOptions): void {
  checkStyle('figure', options)
  const { height, aspect, title = '', subtitle = '', description = '' } = options
  checkStrings('figure', { title, subtitle, description })
  if (height !== undefined) checkHalfOpen('figure', { height }, 1, 2 ** 20)
  if (aspect !== undefined && aspect !== 'equal') checkHalfOpen('figure', { aspect }, 0.001, 1000)
  for (const name of ['x', 'y'] as const) checkAxis('figure', name, merge(options[name]))
}

/** What the marks suggest for an axis, under what was asked for. */
function axisOptions(name: 'x' | 'y', marks: readonly Mark[], asked?: string | AxisOptions): AxisOptions {
  const suggested = marks.map(({ axes }) => axes?.[name] ?? {})
  return Object.assign({}, ...suggested.reverse(), merge(asked))
}

function merge(...axes: readonly (string | AxisOptions | undefined)[]): AxisOptions {
  return Object.assign({}, ...axes.map((axis) => (typeof axis === 'string' ? { label: axis } : axis)))
}

function describe({ marks, window: { x, y } }: Content): string {
  if (marks.length === 0) return 'An empty figure.'
  const what = marks.map((mark) => mark.description).join('; ')
  const notes = marks.flatMap((mark) => mark.note?.({ x, y }) ?? [])
  const shown = `x from ${rounded(x[0])} to ${rounded(x[1])}, y from ${rounded(y[0])} to ${rounded(y[1])}`
  return `${what[0]!.toUpperCase()}${what.slice(1)}. Shown: ${[`${shown}.`, ...notes].join(' ')}`
}
