import { grad } from '../../../autodiff'
import type { Tensor } from '../../../types'
import * as ops from '../..'
import type { OpName } from '../case'
import { build, type Host, host } from '../host'
import { INF, NAN, type SpecialCase } from './case'

/** The gradient by x of Σ f(x) · dy. */
const pulled = (f: (x: Tensor) => Tensor, x: Tensor, dy: Tensor): Tensor =>
  grad((y: Tensor) => ops.sum(ops.mul(f(y), dy)))(x)

/** Of x and dy. */
const gradientCase = (
  op: OpName,
  label: string,
  f: (x: Tensor) => Tensor,
  x: Host,
  dy: Host,
  value: readonly number[],
): SpecialCase => ({
  op,
  label: `its gradient, ${label}`,
  inputs: [x, dy],
  run: (x, dy) => pulled(f, x!, dy!),
  value: host(x.shape, [...value]),
})

const row = (...values: number[]): Host => host([1, 1, values.length, 1], values)

/** An image of two rows. */
const rows = (...values: number[]): Host => host([1, 2, values.length / 2, 1], values)

/** A cotangent that is not finite reaches what its own place was made of. */
const cotangents = [NAN, INF, -INF].flatMap((special) => [
  gradientCase(
    'resizeNearest',
    `one ${special}, twice as large`,
    (x) => ops.resizeNearest(x, [1, 6]),
    row(1, 2, 3),
    row(special, 1, 1, 1, 1, 1),
    [special, 2, 2],
  ),
  gradientCase(
    'resizeBilinear',
    `one ${special}, of one size`,
    (x) => ops.resizeBilinear(x, [2, 2]),
    rows(1, 2, 3, 4),
    rows(1, special, 1, 1),
    [1, special, 1, 1],
  ),
  // The last place lies beyond the last pixel's centre, and is that alone.
  gradientCase(
    'resizeBilinear',
    `one ${special}, twice as large`,
    (x) => ops.resizeBilinear(x, [1, 6]),
    row(1, 2, 3),
    row(1, 1, 1, 1, 1, special),
    [2, 2, special],
  ),
  gradientCase(
    'avgPool2d',
    `one ${special}`,
    (x) => ops.avgPool2d(x, 2),
    rows(1, 2, 3, 4, 5, 6, 7, 8),
    row(special, 1),
    [special, special, 0.25, 0.25, special, special, 0.25, 0.25],
  ),
  gradientCase(
    'maxPool2d',
    `one ${special}`,
    (x) => ops.maxPool2d(x, 2),
    rows(1, 2, 3, 4, 5, 6, 7, 8),
    row(special, 2),
    [0, 0, 0, 0, 0, special, 0, 2],
  ),
  gradientCase(
    'max',
    `one ${special}`,
    (x) => ops.max(x, 1),
    host([2, 2], [1, 2, 4, 3]),
    host([2], [special, 5]),
    [0, special, 5, 0],
  ),
  gradientCase(
    'relu',
    `one ${special}`,
    ops.relu,
    host([3], [-1, 0, 2]),
    host([3], [special, special, 5]),
    [0, 0, 5],
  ),
  gradientCase(
    'maximum',
    `one ${special}`,
    (x) => ops.maximum(x, 1),
    host([3], [0, 2, 3]),
    host([3], [special, special, 5]),
    [0, special, 5],
  ),
  gradientCase(
    'minimum',
    `one ${special}`,
    (x) => ops.minimum(x, 1),
    host([3], [2, 0, 0]),
    host([3], [special, special, 5]),
    [0, special, 5],
  ),
  gradientCase(
    'where',
    `one ${special}`,
    (x) => ops.where(ops.greater(x, 0), x, ops.zeros([3])),
    host([3], [-1, 1, 2]),
    host([3], [special, special, 5]),
    [0, special, 5],
  ),
])

/** The gradient goes to where the extreme is. */
const extremes = [
  gradientCase(
    'maxPool2d',
    'to the NaN of a window',
    (x) => ops.maxPool2d(x, 2),
    rows(1, NAN, 3, 4, 5, 6, 7, 8),
    row(3, 2),
    [0, 3, 0, 0, 0, 0, 0, 2],
  ),
  gradientCase(
    'maxPool2d',
    'to the first NaN of a window',
    (x) => ops.maxPool2d(x, 2),
    rows(INF, NAN, 3, 4, NAN, 6, INF, 8),
    row(3, 2),
    [0, 3, 0, 0, 0, 0, 2, 0],
  ),
  gradientCase(
    'maxPool2d',
    'to NaN of windows that overlap',
    (x) => ops.maxPool2d(x, 2, { stride: 1 }),
    rows(1, 2, NAN, 4, 5, 6, 7, 8),
    row(1, 2, 3),
    [0, 0, 5, 0, 0, 1, 0, 0],
  ),
  gradientCase(
    'max',
    'to the NaN of a row',
    (x) => ops.max(x, 1),
    host([2, 3], [1, NAN, 2, 4, 3, 5]),
    host([2], [3, 5]),
    [0, 3, 0, 0, 0, 5],
  ),
  gradientCase(
    'min',
    'to the NaN of a row',
    (x) => ops.min(x, 1),
    host([2, 3], [1, NAN, 2, 4, 3, 5]),
    host([2], [3, 5]),
    [0, 3, 0, 0, 5, 0],
  ),
]

/** By a, at a = b = s, of s atan2: 1/2; by b, −1/2. */
const angles = [1e25, 1, 1e-25].flatMap((s) => [
  gradientCase(
    'atan2',
    `by the first, at ${s}`,
    (x) => ops.atan2(x, s),
    host([1], [s]),
    host([1], [s]),
    [0.5],
  ),
  gradientCase(
    'atan2',
    `by the second, at ${s}`,
    (x) => ops.atan2(s, x),
    host([1], [s]),
    host([1], [s]),
    [-0.5],
  ),
])

/** A slope divided by what it has to be, by mpmath: in tails and at large numbers too. */
const slope = (
  op: OpName,
  f: (x: Tensor) => Tensor,
  rows: readonly (readonly [x: number, value: number])[],
): SpecialCase => {
  const column = (i: 0 | 1): Host => host([rows.length], rows.map((row) => row[i])) // biome-ignore format: one row
  return {
    op,
    label: 'its gradient, digits in tails',
    inputs: [column(0), column(1)],
    run: (x, wanted) => ops.div(grad((y: Tensor) => ops.sum(f(y)))(x!), wanted!),
    value: host([rows.length], rows.map(() => 1)), // biome-ignore format: one row
  }
}

// biome-ignore format: rows
const slopes = [
  slope('elu', ops.elu, [[-20, 2.06115362244e-9], [-7.25, 7.10174388843e-4], [-0.5, 0.606530659713], [0, 1], [3, 1]]),
  slope('selu', ops.selu, [[-20, 3.62371282499e-9], [-7.25, 0.00124855712491], [3, 1.05070098736]]),
  slope('asinh', ops.asinh, [[-1e20, 9.9999997996e-21], [-2, 0.4472135955], [1e-8, 1], [1e10, 1e-10]]),
  slope('acosh', ops.acosh, [[1.0009765625, 22.6218947485], [2, 0.577350269190], [1e20, 9.9999997996e-21]]),
  slope('clip', (x) => ops.clip(x, 2, 2), [[2, 1]]),
]

/** Every pixel meets the centre of a filter 3×3, in images large enough for a product of their own. */
const centres = [INF, -INF].map(
  (special): SpecialCase => ({
    op: 'conv2d',
    label: `its gradient, a weight ${special} in the centre`,
    inputs: [
      build([1, 5, 5, 1], () => 1),
      build([3, 3, 1, 1], ([i, j]) => (i === 1 && j === 1 ? special : 1)),
    ],
    run: (dy, filter) => pulled((x) => ops.conv2d(x, filter!), ops.zeros([1, 5, 5, 1]), dy!),
    value: build([1, 5, 5, 1], () => special),
  }),
)

/** A pixel of the last row, which the filter's first row does not meet; in images of which each is a product. */
const lastRows = [NAN, INF, -INF].map(
  (special): SpecialCase => ({
    op: 'conv2d',
    label: `its gradient by the filter, one pixel ${special}`,
    inputs: [
      build([1, 16, 16, 8], ([, i, j, c]) => (i === 15 && j === 8 && c === 0 ? special : 1)),
      build([1, 16, 16, 1], () => 1),
    ],
    run: (x, dy) => pulled((filter) => ops.conv2d(x!, filter), ops.zeros([3, 3, 8, 1]), dy!),
    value: build([3, 3, 8, 1], ([i, j, c]) =>
      i! > 0 && c === 0 ? special : (16 - Math.abs(i! - 1)) * (16 - Math.abs(j! - 1)),
    ),
  }),
)

export const gradientCases: readonly SpecialCase[] = [
  ...cotangents,
  ...extremes,
  ...angles,
  ...slopes,
  ...centres,
  ...lastRows,
]
