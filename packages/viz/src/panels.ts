import { checkAtLeast, checkIntegers, checkStrings, expected, optionsOf } from '@sgm/tensor/check'
import { checkFigures, type Figure, shareAxes } from './figure'
import { type Margins, TITLE } from './layout/frame'
import { group } from './layout/marks'
import { wrap } from './layout/text'
import { checkStyle, listOf } from './style'
import { themeOf } from './theme'
import type { GroupShape, Picture, Scene, Style } from './types'

/** Options of {@link panels}. */
export interface PanelsOptions extends Style {
  /** Above all of them. */
  readonly title?: string
  /** @default all in one row up to three, else such that there are about as many rows */
  readonly columns?: number
  /** One window along x for all, labelled below the lowest row alone. @default false */
  readonly shareX?: boolean
  /** One window along y for all, labelled at the left column alone. @default false */
  readonly shareY?: boolean
  /** Room between panels, in pixels. @default 12 */
  readonly gap?: number
}

const WIDTH = 1000

/**
 * Figures side by side, their plots of one width and in line.
 *
 * @param figures Figures, or promises of them, in reading order.
 * @throws RangeError when there are none, or an option does not fit.
 * @example
 * const both = [figure([curve(Math.sin)]), figure([curve(Math.cos)])]
 * const picture = await panels(both, { columns: 2, shareY: true })
 */
export async function panels(
  figures: readonly (Figure | Promise<Figure>)[],
  options: PanelsOptions = {},
): Promise<Picture> {
  const all = await Promise.all(listOf('panels', 'figures', figures))
  checkFigures('panels', all)
  if (all.length === 0) throw expected('panels', 'at least one figure', 'none')
  checkStyle(
    'panels',
    optionsOf('panels', options, {
      theme: true,
      width: true,
      notes: true,
      title: true,
      columns: true,
      shareX: true,
      shareY: true,
      gap: true,
    }),
  )
  const { title = '', shareX = false, shareY = false, gap = 12 } = options
  const { columns = all.length <= 3 ? all.length : Math.ceil(Math.sqrt(all.length)) } = options
  checkIntegers('panels', { columns }, 1, 1000)
  checkAtLeast('panels', { gap }, 0)
  checkStrings('panels', { title })
  const shown = shareAxes(all, { x: shareX, y: shareY })
  const description = all.map((one) => [one.title, one.description].filter(Boolean).join(': ')).join(' ')
  return {
    layout(style: Style = {}): Scene {
      checkStyle('panels', optionsOf('panels', style, { theme: true, width: true, notes: true }))
      const theme = themeOf('panels', style.theme ?? options.theme ?? 'light')
      const width = style.width ?? options.width ?? WIDTH
      const cell = (width - gap * (columns - 1)) / columns
      const frames = shown.map((one, i) =>
        one.frame(theme, cell, {
          outer: { x: !shareX || i + columns >= shown.length, y: !shareY || i % columns === 0 },
          ...((style.notes ?? options.notes) === false && { notes: false }),
        }),
      )
      const lefts = most(frames, columns, 'left', (i) => i % columns)
      const rights = most(frames, columns, 'right', (i) => i % columns)
      const rows = Math.ceil(shown.length / columns)
      const tops = most(frames, rows, 'top', (i) => Math.floor(i / columns))
      const bottoms = most(frames, rows, 'bottom', (i) => Math.floor(i / columns))
      const taken = sum(lefts) + sum(rights) + gap * (columns - 1)
      const plotWidth = Math.max((width - taken) / columns, 20)
      const lines = wrap(title, TITLE.size + 1, width - lefts[0]!)
      const heading = lines.map((text, i) => ({
        type: 'text' as const,
        x: lefts[0]!,
        y: TITLE.line * (i + 1),
        text,
        size: TITLE.size + 1,
        bold: true,
        fill: theme.ink,
      }))
      const drawn: GroupShape[] = []
      let y = lines.length > 0 ? TITLE.line * lines.length + 8 : 0
      for (let row = 0; row < rows; row++) {
        const members = frames.slice(row * columns, (row + 1) * columns)
        const plotHeight = Math.max(...members.map((frame) => frame.heightFor(plotWidth)))
        let x = 0
        members.forEach((frame, column) => {
          const margins: Margins = {
            left: lefts[column]!,
            right: rights[column]!,
            top: tops[row]!,
            bottom: bottoms[row]!,
          }
          drawn.push({ ...frame.draw(plotWidth, plotHeight, margins), x, y })
          x += margins.left + plotWidth + margins.right + gap
        })
        y += tops[row]! + plotHeight + bottoms[row]! + (row < rows - 1 ? gap : 0)
      }
      return {
        width,
        height: Math.ceil(y),
        background: theme.background,
        font: theme.font,
        title:
          title ||
          all
            .map((one) => one.title)
            .filter(Boolean)
            .join(', '),
        description,
        shapes: [...heading, group('panels', drawn)],
      }
    },
  }
}

/** For each row or column, the widest margin that one of its frames needs. */
function most(
  frames: readonly { readonly margins: Margins }[],
  count: number,
  side: keyof Margins,
  place: (i: number) => number,
): number[] {
  const widest = new Array<number>(count).fill(0)
  frames.forEach(({ margins }, i) => {
    widest[place(i)] = Math.max(widest[place(i)]!, margins[side])
  })
  return widest
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}
