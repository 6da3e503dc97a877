import type { Tensor } from '../../../types'
import * as ops from '../..'
import { type OpName, toFloat } from '../case'
import { host } from '../host'
import { INF, NAN, type SpecialCase } from './case'

/** The first place of a value; NaN comes before all. */
const placeOf = (values: readonly number[], wanted: number): number =>
  values.findIndex((value) => Object.is(value, wanted))

type Extreme = readonly [OpName, (x: Tensor) => Tensor, (values: readonly number[]) => number]

/** Math.max and Math.min have NaN wherever it stands, as NumPy's have. */
const extremes: readonly Extreme[] = [
  ['max', (x) => ops.max(x, 1), (values) => Math.max(...values)],
  ['min', (x) => ops.min(x, 1), (values) => Math.min(...values)],
  ['argMax', (x) => toFloat(ops.argMax(x, 1)), (values) => placeOf(values, Math.max(...values))],
  ['argMin', (x) => toFloat(ops.argMin(x, 1)), (values) => placeOf(values, Math.min(...values))],
]

/** Rows of a length with a value at the start, inside, at the end, and everywhere. */
const rowsWith = (value: number, length: number): number[][] => [
  ...[0, length >> 1, length - 1].map((at) =>
    Array.from({ length }, (_, i) => (i === at ? value : (i % 5) + 1)),
  ),
  Array<number>(length).fill(value),
]

export const extremeCases: readonly SpecialCase[] = extremes.flatMap(([op, run, f]) =>
  [1, 3, 70, 1100].flatMap((length) =>
    [NAN, INF, -INF, Math.fround(1e30), Math.fround(-1e30)].map((value) => {
      const rows = rowsWith(value, length)
      return {
        op,
        label: `${value} among ${length}`,
        inputs: [host([rows.length, length], rows.flat())],
        run,
        value: host([rows.length], rows.map(f)),
      }
    }),
  ),
)
