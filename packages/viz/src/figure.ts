import { checkAtLeast, checkPositive, expected } from '@sgm/tensor/check'
import { checkAxis } from './layout/axis'
import { type Content, type Frame, frameOf } from './layout/frame'
import { union, windowOf } from './layout/window'
import { themeOf } from './theme'
import type { AxisOptions, Mark, Picture, Scene, Style, Theme, Window } from './types'

/** Options of {@link figure}. */
export interface FigureOptions extends Style {
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

const WIDTH = 560
const LEAST_WIDTH = 80

/**
 * A figure of marks, the first at the bottom. Nothing is drawn yet: `toSvg`, `drawOn`, `toPng` do.
 *
 * ```ts
 * const field = await figure([contours(plane, density), quiver(plane, score)], { title: 'Score field' })
 * ```
 *
 * @param marks Marks, or promises of them, as the makers of marks give.
 * @throws RangeError when an option does not fit.
 */
export async function figure(
  marks: readonly (Mark | Promise<Mark>)[],
  options: FigureOptions = {},
): Promise<Figure> {
  return assemble(await Promise.all(marks), options)
}

/**
 * The same figures, all with the window that shows all of any: frames of an animation, say.
 *
 * @throws RangeError when there are none.
 */
export function shareAxes(
  figures: readonly Figure[],
  { x = true, y = true }: { readonly x?: boolean; readonly y?: boolean } = {},
): Figure[] {
  if (figures.length === 0) throw expected('shareAxes', 'at least one figure', 'none')
  const window = {
    x: union(figures.map((one) => one.window.x)),
    y: union(figures.map((one) => one.window.y)),
  }
  return figures.map((one) =>
    one.with({ ...(x && { x: { domain: window.x } }), ...(y && { y: { domain: window.y } }) }),
  )
}

/** @throws RangeError unless the style makes sense. */
export function checkStyle(where: string, { theme, width }: Style): void {
  if (theme !== undefined) themeOf(theme)
  if (width !== undefined) checkAtLeast(where, { width }, LEAST_WIDTH)
}

function assemble(marks: readonly Mark[], options: FigureOptions): Figure {
  check(options)
  const x = axisOptions('x', marks, options.x)
  const y = axisOptions('y', marks, options.y)
  const plane = marks.some(({ equal }) => equal)
  const content: Content = {
    marks,
    window: windowOf(marks, x, y),
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
    with: (other) =>
      assemble(marks, { ...options, ...other, x: merge(options.x, other.x), y: merge(options.y, other.y) }),
    frame: (theme, width, { outer, notes = content.notes } = {}) =>
      frameOf({ ...content, notes }, theme, width, outer),
    layout(style: Style = {}): Scene {
      checkStyle('figure', style)
      const theme = themeOf(style.theme ?? options.theme ?? 'light')
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
  const { height, aspect } = options
  if (height !== undefined) checkPositive('figure', { height })
  if (aspect !== undefined && aspect !== 'equal') checkPositive('figure', { aspect })
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
  const shown = `x from ${round(x[0])} to ${round(x[1])}, y from ${round(y[0])} to ${round(y[1])}`
  return `${what[0]!.toUpperCase()}${what.slice(1)}. Shown: ${[`${shown}.`, ...notes].join(' ')}`
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)))
}
