import { checkIntegers, checkOneOf, checkPositive, optionsOf } from '@sgm/tensor/check'
import { type Grid, readVectors, type Vectors } from '../grid'
import { checkColor } from '../look'
import type { Color, Mark, Plot, Shape } from '../types'

/** Options of {@link quiver}. */
export interface QuiverOptions {
  /** Arrows along the longer side, at most; they stand on points of the grid. @default 20 */
  readonly across?: number
  /**
   * How long arrows are: `'linear'` by the vector's length, `'sqrt'` by its root, where lengths differ much, or all the
   * same for `'direction'`. @default 'linear'
   */
  readonly length?: 'linear' | 'sqrt' | 'direction'
  /** The vector length whose arrow fills a cell; longer ones are not drawn longer. @default the 0.95 quantile of the lengths */
  readonly reference?: number
  /** @default the theme's ink */
  readonly color?: Color
  /** Pixels. @default 1.2 */
  readonly strokeWidth?: number
}

/**
 * Vectors over the plane as arrows, their middles at the points. A cell is as wide as the distance of two arrows, so that
 * arrows never overlap.
 *
 * @param plane The points.
 * @param vectors `[n, 2]`: one vector a point, a score say.
 * @throws RangeError when there is not one vector a point, or an option does not fit.
 * @example
 * const plane = grid()
 * const picture = await figure([quiver(plane, (x, y) => [-x, -y])])
 */
export async function quiver(plane: Grid, vectors: Vectors, options: QuiverOptions = {}): Promise<Mark> {
  const {
    across = 20,
    length = 'linear',
    reference,
    color,
    strokeWidth = 1.2,
  } = optionsOf('quiver', options, {
    across: true,
    length: true,
    reference: true,
    color: true,
    strokeWidth: true,
  })
  checkIntegers('quiver', { across }, 1, 10_000)
  checkPositive('quiver', { strokeWidth })
  checkColor('quiver', color)
  if (reference !== undefined) checkPositive('quiver', { reference })
  checkOneOf('quiver', { length }, ['linear', 'sqrt', 'direction'])
  const values = await readVectors('quiver', plane, vectors)
  const step = Math.ceil(Math.max(plane.columns, plane.rows) / across)
  const at = pick(plane, step)
  const lengths = at.map((i) => Math.hypot(values[2 * i]!, values[2 * i + 1]!))
  const finite = lengths.filter(Number.isFinite).sort((a, b) => a - b)
  const full = reference ?? finite[Math.floor(0.95 * (finite.length - 1))] ?? 1
  const share = (size: number) => {
    if (length === 'direction') return size > 0 ? 0.7 : 0
    const part = Math.min(size / (full || 1), 1)
    return length === 'sqrt' ? Math.sqrt(part) : part
  }
  const missing = at.length - finite.length
  const draw = (plot: Plot): Shape[] => {
    const cell =
      0.95 *
      step *
      Math.min(spacing(plot, plane.x, plane.columns, 'x'), spacing(plot, plane.y, plane.rows, 'y'))
    const stroke = color === undefined ? plot.theme.ink : plot.color(color)
    const arrows = at.flatMap((i, j) => {
      const size = lengths[j]!
      const long = cell * share(size)
      if (!(long > 0.5)) return []
      const [dx, dy] = [(values[2 * i]! / size) * long, (-values[2 * i + 1]! / size) * long]
      return arrow(
        plot.x(plane.xs[i]!) - dx / 2,
        plot.y(plane.ys[i]!) - dy / 2,
        dx,
        dy,
        Math.min(0.4 * long, 5),
      )
    })
    return [{ type: 'path', lines: arrows, stroke, strokeWidth }]
  }
  return {
    name: 'quiver',
    description: `${at.length} arrows of a vector field`,
    x: plane.x,
    y: plane.y,
    fills: { x: true, y: true },
    equal: true,
    note: () =>
      missing > 0 ? `${missing} of ${at.length} vectors are not finite, and left out.` : undefined,
    draw,
  }
}

/** Every `step`-th point along both axes, as far from one edge as from the other. */
function pick({ columns, rows }: Grid, step: number): number[] {
  const picked: number[] = []
  const from = (size: number) => Math.floor(((size - 1) % step) / 2)
  for (let row = from(rows); row < rows; row += step) {
    for (let column = from(columns); column < columns; column += step) picked.push(row * columns + column)
  }
  return picked
}

function spacing(
  plot: Plot,
  [low, high]: readonly [number, number],
  points: number,
  axis: 'x' | 'y',
): number {
  return Math.abs(plot[axis](high) - plot[axis](low)) / (points - 1)
}

/** A shaft and a head of two strokes. */
function arrow(x: number, y: number, dx: number, dy: number, head: number): number[][] {
  const [tipX, tipY] = [x + dx, y + dy]
  const size = Math.hypot(dx, dy)
  const [ux, uy] = [(dx / size) * head, (dy / size) * head]
  const barb = (turn: number): [number, number] => [
    tipX - ux * Math.cos(turn) - uy * Math.sin(turn),
    tipY - uy * Math.cos(turn) + ux * Math.sin(turn),
  ]
  return [
    [x, y, tipX, tipY],
    [...barb(0.5), tipX, tipY, ...barb(-0.5)],
  ]
}
