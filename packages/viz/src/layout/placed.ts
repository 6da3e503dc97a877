import type { Polyline, Shape } from '../types'

/** The shape without what has no place on the plot: a logarithmic axis has none for 0. */
export function placed(shape: Shape): Shape[] {
  switch (shape.type) {
    case 'path':
      return [{ ...shape, lines: shape.lines.filter(isPlaced) }]
    case 'dots':
      return [isPlaced(shape.centres) ? shape : { ...shape, centres: pairs(shape.centres) }]
    case 'group':
      return [{ ...shape, shapes: shape.shapes.flatMap(placed) }]
    case 'image':
      return isPlaced([shape.x, shape.y, shape.width, shape.height]) ? [shape] : []
    case 'text':
      return isPlaced([shape.x, shape.y]) ? [shape] : []
  }
}

function isPlaced(line: Polyline): boolean {
  for (let i = 0; i < line.length; i++) if (!Number.isFinite(line[i])) return false
  return true
}

function pairs(centres: Polyline): number[] {
  return Array.from(centres).filter((_, i) => {
    const first = i - (i % 2)
    return Number.isFinite(centres[first]) && Number.isFinite(centres[first + 1])
  })
}

/** Where areas stand: at 0, or at the lower edge where 0 has no place. */
export function baseOf(plot: { y(value: number): number; readonly height: number }): number {
  const base = plot.y(0)
  return Number.isFinite(base) ? base : plot.height
}
