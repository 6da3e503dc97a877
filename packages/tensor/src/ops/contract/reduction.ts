import type { Tensor } from '../../types'
import * as ops from '..'
import { type OpCase, type OpName, opCase, toFloat } from './case'
import { at, build, elementwise, host, reduced, spread } from './host'

const x = spread([2, 3, 4])

const created: readonly OpCase[] = [
  opCase('tensor', '', [], () => ops.tensor([[1, 2, 3], [4, 5, 6]]), () => host([2, 3], [1, 2, 3, 4, 5, 6])), // biome-ignore format: rows
  opCase(
    'scalar',
    '',
    [],
    () => ops.scalar(2.5),
    () => host([], [2.5]),
  ),
  opCase(
    'zeros',
    '',
    [],
    () => ops.zeros([2, 2]),
    () => host([2, 2], [0, 0, 0, 0]),
  ),
  opCase(
    'ones',
    '',
    [],
    () => ops.ones([3]),
    () => host([3], [1, 1, 1]),
  ),
  opCase(
    'full',
    '',
    [],
    () => ops.full([2], -1.5),
    () => host([2], [-1.5, -1.5]),
  ),
  opCase(
    'eye',
    '',
    [],
    () => ops.eye(2),
    () => host([2, 2], [1, 0, 0, 1]),
  ),
  opCase(
    'linspace',
    '',
    [],
    () => ops.linspace(-1, 1, 5),
    () => host([5], [-1, -0.5, 0, 0.5, 1]),
  ),
  opCase(
    'range',
    '',
    [],
    () => ops.range(3, -2, -2),
    () => host([3], [3, 1, -1]),
  ),
  opCase(
    'zerosLike',
    '',
    [x],
    (x) => ops.zerosLike(x!),
    elementwise(() => 0),
  ),
  opCase(
    'onesLike',
    '',
    [x],
    (x) => ops.onesLike(x!),
    elementwise(() => 1),
  ),
  opCase(
    'oneHot',
    '',
    [],
    () => ops.oneHot(ops.tensor([2, 0], [2], 'int32'), 3),
    () => host([2, 3], [0, 0, 1, 1, 0, 0]),
  ),
  opCase(
    'oneHot',
    'of one class',
    [],
    () => ops.oneHot(ops.tensor([0, 1, 0], [3], 'int32'), 1),
    () => host([3, 1], [1, 0, 1]),
  ),
  opCase(
    'broadcastShapes',
    '',
    [],
    () => ops.tensor(ops.broadcastShapes([2, 1], [3])),
    () => host([2], [2, 3]),
  ),
]

type Reduction = (x: Tensor, axes?: number | readonly number[], keepDims?: boolean) => Tensor

const reductions: readonly (readonly [OpName, Reduction, (values: number[]) => number])[] = [
  ['sum', ops.sum, (v) => v.reduce((a, b) => a + b, 0)],
  ['mean', ops.mean, (v) => v.reduce((a, b) => a + b, 0) / v.length],
  ['prod', ops.prod, (v) => v.reduce((a, b) => a * b, 1)],
  ['max', ops.max, (v) => Math.max(...v)],
  ['min', ops.min, (v) => Math.min(...v)],
  ['logSumExp', ops.logSumExp, (v) => Math.log(v.reduce((a, b) => a + Math.exp(b), 0))],
  [
    'all',
    (x, axes, keepDims) => toFloat(ops.all(ops.greater(x, -0.6), axes, keepDims)),
    (v) => Number(v.every((value) => value > -0.6)),
  ],
  [
    'any',
    (x, axes, keepDims) => toFloat(ops.any(ops.greater(x, 0.6), axes, keepDims)),
    (v) => Number(v.some((value) => value > 0.6)),
  ],
]

const reducing = reductions.flatMap(([op, run, f]) => [
  opCase(op, 'all axes', [x], (x) => run(x!), reduced(f)),
  opCase(op, 'the last axis', [x], (x) => run(x!, -1), reduced(f, [2])),
  opCase(op, 'the first axis, kept', [x], (x) => run(x!, 0, true), reduced(f, [0], true)),
  opCase(op, 'two axes', [x], (x) => run(x!, [0, 2]), reduced(f, [0, 2])),
])

const cumulated = (axis: number, of = x): OpCase =>
  opCase(
    'cumsum',
    `axis ${axis} of ${of.shape.length}`,
    [of],
    (x) => ops.cumsum(x!, axis),
    (x) => {
      const along = axis < 0 ? axis + 3 : axis
      return build(x!.shape, (index) => {
        let sum = 0
        for (let i = 0; i <= index[along]!; i++) sum += at(x!, index.with(along, i))
        return sum
      })
    },
  )

const ranked: readonly OpCase[] = [
  cumulated(0),
  cumulated(1, spread([1, 3, 1, 2, 2])),
  cumulated(-1),
  opCase(
    'argMax',
    '',
    [x],
    (x) => toFloat(ops.argMax(x!, 1)),
    reduced((v) => v.indexOf(Math.max(...v)), [1]),
  ),
  opCase(
    'argMin',
    '',
    [x],
    (x) => toFloat(ops.argMin(x!)),
    reduced((v) => v.indexOf(Math.min(...v)), [2]),
  ),
  opCase(
    'sumRows',
    '',
    [x],
    (x) => ops.sumRows(x!),
    reduced((v) => v.reduce((a, b) => a + b, 0), [1, 2]),
  ),
]

export const reductionCases: readonly OpCase[] = [...created, ...reducing, ...ranked]
