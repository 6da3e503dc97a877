import { checkExtent, checkIntegers, expected, expectedType, formatShape, optionsOf } from '@sgm/tensor/check'
import { read, type Values } from './read'
import type { Extent } from './types'

/** Options of {@link grid}. */
export interface GridOptions {
  /** From the left edge to the right. @default [-1, 1] */
  readonly x?: Extent
  /** From the lower edge to the upper. @default that of x */
  readonly y?: Extent
  /** Points along each axis, >= 2: one number, or those along x and along y. @default 101 */
  readonly size?: number | readonly [columns: number, rows: number]
}

/** A rectangle's points in rows, the lowest row first and in each the leftmost point first; the edges are among them. */
export interface Grid {
  readonly x: Extent
  readonly y: Extent
  readonly columns: number
  readonly rows: number
  /** `[rows · columns, 2]`: what a function of points is to be evaluated at. */
  readonly points: Float32Array
  /** `[rows · columns, 2]` */
  readonly shape: readonly [number, number]
  /** `[rows · columns]`: the first coordinates of the points. */
  readonly xs: Float32Array
  /** `[rows · columns]`: the second coordinates of the points. */
  readonly ys: Float32Array
}

/** Of either side: 2¹³ points along both take 1 GiB. */
const LARGEST = 2 ** 13

/**
 * The points of a rectangle at which fields are drawn:
 * `const plane = grid({ x: [-8, 8] })`, then `heatmap(plane, density(tensor(plane.points, plane.shape)))`.
 *
 * @throws RangeError when an extent is empty or not finite, or a size is not an integer >= 2.
 * @example
 * grid({ x: [-1, 1], y: [0, 4], size: [3, 2] }).points.length // → 12
 */
export function grid(options: GridOptions = {}): Grid {
  const { x = [-1, 1], y = x, size = 101 } = optionsOf('grid', options, { x: true, y: true, size: true })
  checkExtent('grid', 'x', x)
  checkExtent('grid', 'y', y)
  const [columns, rows] = Array.isArray(size) ? size : [size, size]
  checkIntegers('grid', { 'size[0]': columns, 'size[1]': rows }, 2, LARGEST)
  const n = rows * columns
  const [points, xs, ys] = [new Float32Array(2 * n), new Float32Array(n), new Float32Array(n)]
  for (let i = 0; i < n; i++) {
    xs[i] = between(x, (i % columns) / (columns - 1))
    ys[i] = between(y, Math.floor(i / columns) / (rows - 1))
    points[2 * i] = xs[i]!
    points[2 * i + 1] = ys[i]!
  }
  return { x, y, columns, rows, points, shape: [n, 2], xs, ys }
}

/** Numbers on a grid: one a point, as values `[n]` or `[n, 1]` in the order of the points, or as a function. */
export type Scalars = Values | ((x: number, y: number) => number)

/** Vectors on a grid: one a point, as values `[n, 2]` in the order of the points, or as a function. */
export type Vectors = Values | ((x: number, y: number) => readonly [number, number])

/** The numbers on a grid. @throws RangeError when they are not one a point. */
export async function readScalars(where: string, plane: Grid, source: Scalars): Promise<ArrayLike<number>> {
  checkGrid(where, plane)
  if (typeof source === 'function') {
    return Float64Array.from(plane.xs, (x, i) => numberOf(where, source(x, plane.ys[i]!)))
  }
  return readSized(where, source, plane.rows * plane.columns, 'values')
}

/** The vectors on a grid, x and y in turn. @throws RangeError when they are not one a point. */
export async function readVectors(where: string, plane: Grid, source: Vectors): Promise<ArrayLike<number>> {
  checkGrid(where, plane)
  const n = plane.rows * plane.columns
  if (typeof source !== 'function') return readSized(where, source, 2 * n, 'vectors')
  const values = new Float64Array(2 * n)
  for (let i = 0; i < n; i++) {
    const vector = source(plane.xs[i]!, plane.ys[i]!)
    if (!Array.isArray(vector) || vector.length !== 2) throw expected(where, 'two numbers a vector', vector)
    values.set(
      vector.map((value) => numberOf(where, value)),
      2 * i,
    )
  }
  return values
}

async function readSized(where: string, source: Values, size: number, what: string) {
  const { values, shape } = await read(where, what, source)
  if (values.length !== size) {
    throw expected(where, `${size} numbers for ${what} on the grid`, `shape ${formatShape(shape)}`)
  }
  return values
}

/** What a function of points gave, which may be no finite number, but is to be one. */
function numberOf(where: string, value: unknown): number {
  if (typeof value !== 'number') throw expectedType(where, 'a number at each point', value)
  return value
}

/** Points and sizes that disagree would have a mark walk over what is not there. */
function checkGrid(where: string, plane: Grid): void {
  const { x, y, columns, rows, points, xs, ys } = (plane ?? {}) as Partial<Grid>
  if (![points, xs, ys].every((list) => list instanceof Float32Array))
    throw expected(where, 'a grid first', plane)
  checkExtent(where, 'x of the grid', x)
  checkExtent(where, 'y of the grid', y)
  checkIntegers(where, { 'columns of the grid': columns, 'rows of the grid': rows }, 2, LARGEST)
  const lengths = [xs!.length, ys!.length, points!.length / 2]
  const n = Number(columns) * Number(rows)
  if (lengths.some((length) => length !== n)) throw expected(where, `${n} points of the grid`, lengths)
}

function between([low, high]: Extent, u: number): number {
  return low + u * (high - low)
}
