import { grad } from '../../../autodiff'
import type { Tensor } from '../../../types'
import * as ops from '../..'
import { host } from '../host'
import { INF, NAN, type SpecialCase } from './case'

const ones = (count: number): number[] => Array<number>(count).fill(1)

const paddings = [NAN, INF, -INF, 0, -0, 1].map(
  (value): SpecialCase => ({
    op: 'pad',
    label: `by ${Object.is(value, -0) ? '−0' : value}`,
    inputs: [host([1, 2], [3, 4])],
    run: (x) => ops.reciprocal(ops.pad(x, [[0, 1], [1, 0]], value)), // biome-ignore format: pairs
    value: host([2, 3], [1 / value, 1 / 3, 1 / 4, 1 / value, 1 / value, 1 / value]),
  }),
)

/** A number has no axes to be changed along. */
const ofNumbers = [
  ['pad', (x: Tensor) => ops.pad(x, [])] as const,
  ['reverse', (x: Tensor) => ops.reverse(x)] as const,
  ['slice', (x: Tensor) => ops.slice(x, [], [])] as const,
].map(
  ([op, run]): SpecialCase => ({
    op,
    label: 'of a number',
    inputs: [host([], [3])],
    run: (x) => run(x!),
    value: host([], [3]),
  }),
)

export const shapeCases: readonly SpecialCase[] = [
  ...paddings,
  {
    op: 'oneHot',
    label: 'indices out of range have rows of zeros',
    inputs: [host([5], [-1, 0, 2, 3, 100])],
    run: (x) => ops.oneHot(ops.cast(x, 'int32'), 3),
    value: host([5, 3], [0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
  },
  {
    op: 'gather',
    label: 'indices out of range are the nearest in it',
    inputs: [host([3, 2], [1, 2, 3, 4, 5, 6]), host([5], [-1, 0, 3, -(2 ** 31), 2 ** 30])],
    run: (x, indices) => ops.gather(x!, ops.cast(indices!, 'int32')),
    value: host([5, 2], [1, 2, 1, 2, 5, 6, 1, 2, 5, 6]),
  },
  {
    op: 'gather',
    label: 'along the last axis',
    inputs: [host([2, 3], [1, 2, 3, 4, 5, 6]), host([2], [-7, 7])],
    run: (x, indices) => ops.gather(x!, ops.cast(indices!, 'int32'), 1),
    value: host([2, 2], [1, 3, 4, 6]),
  },
  {
    op: 'gather',
    label: 'its gradient goes to the slices that were taken',
    inputs: [host([3], [1, 2, 3]), host([4], [-1, 1, 3, 4])],
    run: (x, indices) =>
      grad((y: Tensor) => ops.sum(ops.mul(ops.gather(y, ops.cast(indices!, 'int32')), indices!)))(x!),
    value: host([3], [-1, 1, 7]),
  },
  {
    op: 'softmax',
    label: '−∞ has no share',
    inputs: [host([3, 2], [-INF, 0, 0, -INF, NAN, 0])],
    run: (x) => ops.softmax(x),
    value: host([3, 2], [0, 1, 1, 0, NAN, NAN]),
  },
  {
    op: 'logSoftmax',
    label: '−∞ has no share',
    inputs: [host([2, 2], [-INF, 0, NAN, 0])],
    run: (x) => ops.logSoftmax(x),
    value: host([2, 2], [-INF, 0, NAN, NAN]),
  },
  {
    op: 'logSumExp',
    label: 'of nothing',
    inputs: [host([0, 3], [])],
    run: (x) => ops.logSumExp(x!, 0),
    value: host([3], [-INF, -INF, -INF]),
  },
  {
    op: 'matMul',
    label: 'rows that are not finite stay apart',
    inputs: [host([3, 2], [1, NAN, INF, 1, 1, 1]), host([2, 2], [1, 2, 3, 4])],
    run: (a, b) => ops.matMul(a!, b!),
    value: host([3, 2], [NAN, NAN, INF, INF, 4, 6]),
  },
  {
    op: 'matMul',
    label: 'matrices that are not finite stay apart',
    inputs: [host([70, 1, 3], ones(210)), host([70, 3, 2], [...ones(6), ...ones(414).fill(NAN)])],
    run: (a, b) => ops.matMul(a!, b!),
    value: host([70, 1, 2], [3, 3, ...ones(138).fill(NAN)]),
  },
  ...ofNumbers,
  {
    op: 'resizeNearest',
    label: 'of integers',
    inputs: [host([1, 1, 2, 1], [1, 2])],
    run: (x) => ops.div(ops.resizeNearest(ops.cast(x!, 'int32'), [1, 4]), 2),
    value: host([1, 1, 4, 1], [0.5, 0.5, 1, 1]),
  },
  {
    op: 'unstack',
    label: 'into one',
    inputs: [host([2, 1], [1, 2])],
    run: (x) => ops.mul(ops.unstack(ops.cast(x!, 'int32'), 1)[0]!, 0.5),
    value: host([2], [0.5, 1]),
  },
  {
    op: 'tile',
    label: 'integers of six axes',
    inputs: [host([1, 1, 2, 1, 1, 1], [1, 2])],
    run: (x) => ops.mul(ops.tile(ops.neg(ops.cast(x!, 'int32')), [1, 2, 1, 1, 2, 1]), 0.5),
    value: host([1, 2, 2, 1, 2, 1], [-0.5, -0.5, -1, -1, -0.5, -0.5, -1, -1]),
  },
  {
    op: 'cumsum',
    label: 'NaN from its place on',
    inputs: [host([4], [1, INF, NAN, 1])],
    run: (x) => ops.cumsum(x),
    value: host([4], [1, INF, NAN, NAN]),
  },
]
