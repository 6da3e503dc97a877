import type { LegendEntry, Shape, Theme } from '../types'
import { textWidth } from './text'

/** Height of a row, in pixels. */
export const LEGEND_ROW = 19
const SIZE = 12
const SWATCH = 18
const GAP = 16

interface Placed extends LegendEntry {
  readonly x: number
}

/** Entries side by side, in as many rows as they need. */
export function rowsOfLegend(entries: readonly LegendEntry[], width: number): Placed[][] {
  const rows: Placed[][] = []
  let x = Number.POSITIVE_INFINITY
  for (const entry of entries) {
    const needed = SWATCH + 6 + textWidth(entry.label, SIZE)
    if (x + needed > width) {
      rows.push([])
      x = 0
    }
    rows.at(-1)!.push({ ...entry, x })
    x += needed + GAP
  }
  return rows
}

/** The rows, from a corner downwards. */
export function drawLegend(rows: readonly Placed[][], x: number, y: number, theme: Theme): Shape[] {
  if (rows.length === 0) return []
  const shapes = rows.flatMap((row, i) =>
    row.flatMap((entry): Shape[] => {
      const middle = LEGEND_ROW * (i + 0.5)
      return [
        swatch(entry, middle),
        {
          type: 'text',
          x: entry.x + SWATCH + 6,
          y: middle,
          text: entry.label,
          size: SIZE,
          fill: theme.ink,
          baseline: 'middle',
        },
      ]
    }),
  )
  return [{ type: 'group', name: 'legend', x, y, shapes }]
}

function swatch({ x, color, swatch, dash }: Placed, y: number): Shape {
  if (swatch === 'dot') return { type: 'dots', centres: [x + SWATCH / 2, y], radius: 4, fill: color }
  const line = swatch === 'line'
  const half = line ? 0 : 5
  return {
    type: 'path',
    closed: !line,
    lines: line
      ? [[x, y, x + SWATCH, y]]
      : [[x, y - half, x + SWATCH, y - half, x + SWATCH, y + half, x, y + half]],
    ...(line ? { stroke: color, strokeWidth: 2.5, ...(dash && { dash }) } : { fill: color }),
  }
}
