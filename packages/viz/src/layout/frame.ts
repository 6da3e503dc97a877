import type { AxisOptions, GroupShape, Mark, Shape, Theme, Window } from '../types'
import { type Axis, axisOf } from './axis'
import { barsOf, barsWidth, drawBars } from './colorbar'
import { drawLegend, LEGEND_ROW, rowsOfLegend } from './legend'
import { type Area, drawMarks, equalRatio, group, paintsOf } from './marks'
import { textWidth, wrap } from './text'

/** What a figure is laid out from. */
export interface Content {
  readonly marks: readonly Mark[]
  readonly window: Window
  readonly x: AxisOptions
  readonly y: AxisOptions
  readonly title: string
  readonly subtitle: string
  readonly legend: boolean
  /** The plot's height over its width; `'equal'` gives both axes one unit. */
  readonly aspect: number | 'equal'
  readonly height: number | undefined
  readonly notes: boolean
}

/** Room around a plot, in pixels. */
export interface Margins {
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly left: number
}

/** A figure whose text is measured, before its plot has a size. */
export interface Frame {
  readonly margins: Margins
  heightFor(plotWidth: number): number
  draw(plotWidth: number, plotHeight: number, margins?: Margins): GroupShape
}

export const TITLE = { size: 15, line: 20 }
const SUBTITLE = { size: 12, line: 17 }
const TICK = 11
const LABEL = 12
/** Between titles and a legend. */
const LEGEND_GAP = 3
const NOTE = { size: 11, line: 15 }

/** Measures the text of a figure that is to be about so wide. `outer` leaves out axes that a neighbour shows. */
export function frameOf(
  content: Content,
  theme: Theme,
  width: number,
  outer: { readonly x: boolean; readonly y: boolean } = { x: true, y: true },
): Frame {
  const { marks, window, title, subtitle, aspect, height } = content
  const paints = paintsOf(marks, theme)
  const bars = barsOf(marks, theme)
  const about = Math.max(width - 70 - barsWidth(bars), 60)
  const heightFor = (plotWidth: number) =>
    Math.round(height ?? plotWidth * (aspect === 'equal' ? equalRatio(window) : aspect))
  const [x, y] = axes(content, about, heightFor(about))
  const [showX, showY] = [content.x.show !== false, content.y.show !== false]
  const entries = content.legend ? marks.flatMap((mark, i) => mark.legend?.(paints[i]!) ?? []) : []
  const legend = rowsOfLegend(entries, about)
  const titles = wrap(title, TITLE.size, about + barsWidth(bars))
  const subtitles = wrap(subtitle, SUBTITLE.size, about + barsWidth(bars))
  const notes = (content.notes ? marks : [])
    .flatMap((mark) => mark.note?.(window) ?? [])
    .flatMap((note) => wrap(note, NOTE.size, about))
  const head =
    TITLE.line * titles.length +
    SUBTITLE.line * subtitles.length +
    LEGEND_ROW * legend.length +
    (legend.length > 0 ? LEGEND_GAP : 0)
  const tickRoom = showX && outer.x && x.ticks.some(({ label }) => label) ? TICK + 9 : 0
  const labelRoom = showX && outer.x && x.label ? LABEL + 8 : 0
  const widest = Math.max(0, ...y.ticks.map(({ label }) => textWidth(label, TICK)))
  const margins: Margins = {
    top: head + (head > 0 ? 10 : 12),
    right: Math.ceil(Math.max(14, barsWidth(bars) + 6)),
    bottom: 8 + tickRoom + labelRoom + NOTE.line * notes.length,
    left: Math.ceil(12 + (showY && outer.y ? widest + 6 + (y.label ? LABEL + 8 : 0) : 0)),
  }

  const draw = (plotWidth: number, plotHeight: number, at: Margins = margins): GroupShape => {
    const plot: Area = {
      width: plotWidth,
      height: plotHeight,
      window,
      x: (value) => x.unit(value) * plotWidth,
      y: (value) => (1 - y.unit(value)) * plotHeight,
    }
    const empty = marks.every((mark) => !mark.x && !mark.y)
    const inside: Shape[] = [
      ...gridLines(content, x, y, plotWidth, plotHeight, theme),
      drawMarks(marks, paints, plot),
      ...(empty ? [nothing(plotWidth, plotHeight, theme)] : []),
      ...(showX ? [drawX(x, content.x.line, plotWidth, plotHeight, theme, outer.x)] : []),
      ...(showY ? [drawY(y, content.y.line, plotHeight, theme, outer.y)] : []),
      ...drawBars(bars, plotWidth, plotHeight, theme),
      ...noteLines(notes, plotHeight + 8 + tickRoom + labelRoom, theme),
    ]
    const top = at.top - margins.top
    const heading = headLines(titles, subtitles, theme).map((line) => ({
      ...line,
      y: line.y + top,
      x: at.left,
    }))
    const legendAt = top + TITLE.line * titles.length + SUBTITLE.line * subtitles.length + LEGEND_GAP
    return group('figure', [
      ...heading,
      ...drawLegend(legend, at.left, legendAt, theme),
      { ...group('plot', inside), x: at.left, y: at.top },
    ])
  }
  return { margins, heightFor, draw }
}

function axes({ window, x, y, aspect }: Content, width: number, height: number): [Axis, Axis] {
  return [
    axisOf(x, window.x, Math.max(2, Math.round(width / 70))),
    axisOf(y, window.y, Math.max(2, Math.round(height / (aspect === 'equal' ? 70 : 50)))),
  ]
}

function headLines(titles: readonly string[], subtitles: readonly string[], theme: Theme) {
  const under = TITLE.line * titles.length
  return [
    ...titles.map((text, i) => ({
      type: 'text' as const,
      x: 0,
      y: TITLE.line * (i + 1) - 2,
      text,
      size: TITLE.size,
      bold: true,
      fill: theme.ink,
    })),
    ...subtitles.map((text, i) => ({
      type: 'text' as const,
      x: 0,
      y: under + SUBTITLE.line * (i + 1) - 2,
      text,
      size: SUBTITLE.size,
      fill: theme.muted,
    })),
  ]
}

function noteLines(notes: readonly string[], from: number, theme: Theme): Shape[] {
  return notes.map((text, i) => ({
    type: 'text',
    x: 0,
    y: from + NOTE.line * (i + 1) - 6,
    text,
    size: NOTE.size,
    fill: theme.muted,
  }))
}

function nothing(width: number, height: number, theme: Theme): Shape {
  return {
    type: 'text',
    x: width / 2,
    y: height / 2,
    text: 'no data',
    size: LABEL,
    fill: theme.muted,
    anchor: 'middle',
    baseline: 'middle',
  }
}

function gridLines(content: Content, x: Axis, y: Axis, width: number, height: number, theme: Theme): Shape[] {
  const filled = content.marks.some(({ fills }) => fills?.x && fills.y)
  const across = content.x.grid ?? (!filled && content.aspect === 'equal')
  const up = content.y.grid ?? !filled
  const lines = [
    ...(across ? x.ticks.map(({ at }) => [x.unit(at) * width, 0, x.unit(at) * width, height]) : []),
    ...(up ? y.ticks.map(({ at }) => [0, (1 - y.unit(at)) * height, width, (1 - y.unit(at)) * height]) : []),
  ]
  if (lines.length === 0) return []
  return [group('grid', [{ type: 'path', lines, stroke: theme.rule, strokeWidth: 1 }])]
}

function drawX(
  axis: Axis,
  line = true,
  width: number,
  height: number,
  theme: Theme,
  labelled: boolean,
): Shape {
  const ticks = axis.ticks.map(({ at }) => axis.unit(at) * width)
  const lines = line ? [[0, height, width, height], ...ticks.map((x) => [x, height, x, height + 4])] : []
  const labels = labelled ? axis.ticks : []
  return group('axis x', [
    { type: 'path', lines, stroke: theme.muted, strokeWidth: 1 },
    ...labels.map(
      ({ label }, i): Shape => ({
        type: 'text',
        x: ticks[i]!,
        y: height + 6 + TICK,
        text: label,
        size: TICK,
        fill: theme.muted,
        anchor: 'middle',
      }),
    ),
    ...axisLabel(labelled ? axis.label : '', width / 2, height + TICK + 9 + LABEL + 2, theme),
  ])
}

function drawY(axis: Axis, line = true, height: number, theme: Theme, labelled: boolean): Shape {
  const ticks = axis.ticks.map(({ at }) => (1 - axis.unit(at)) * height)
  const widest = Math.max(0, ...axis.ticks.map(({ label }) => textWidth(label, TICK)))
  const lines = line ? [[0, 0, 0, height], ...ticks.map((y) => [-4, y, 0, y])] : []
  return group('axis y', [
    { type: 'path', lines, stroke: theme.muted, strokeWidth: 1 },
    ...(labelled ? axis.ticks : []).map(
      ({ label }, i): Shape => ({
        type: 'text',
        x: -7,
        y: ticks[i]!,
        text: label,
        size: TICK,
        fill: theme.muted,
        anchor: 'end',
        baseline: 'middle',
      }),
    ),
    ...axisLabel(labelled ? axis.label : '', -widest - 17, height / 2, theme, true),
  ])
}

/** The label of an axis or of a bar of colours, its middle at (x, y). */
export function axisLabel(text: string, x: number, y: number, theme: Theme, upwards = false): Shape[] {
  if (!text) return []
  return [{ type: 'text', x, y, text, size: LABEL, fill: theme.ink, anchor: 'middle', upwards }]
}
