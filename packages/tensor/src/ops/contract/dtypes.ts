import type { Tensor, TensorOrNumber } from '../../types'
import * as ops from '..'
import { activations } from './activations'
import { type OpCase, type OpName, opCase, toFloat } from './case'
import { unary } from './elementwise'
import { at, build, elementwise, type Host, host, reduced } from './host'

/** Floats whose whole parts make integers and whose signs make bools: none is so near the next that differences reach it. */
const first = host([5], [7.3, -4.6, 1.4, -1.2, 3.9])
const second = host([5], [2.2, 3.7, -2.6, 5.1, -1.4])

/** An operand of one element type, made of a float, and its value. */
interface Kind {
  readonly name: string
  readonly of: (x: Tensor) => Tensor
  readonly value: (x: number) => number
}

const int32: Kind = { name: 'int32', of: (x) => ops.cast(x, 'int32'), value: Math.trunc }
const bool: Kind = { name: 'bool', of: (x) => ops.greater(x, 0), value: (x) => Number(x > 0) }
const float32: Kind = { name: 'float32', of: (x) => x, value: (x) => x }

type Pair = readonly [Kind, Kind]

const mixed: readonly Pair[] = [
  [int32, int32],
  [int32, bool],
  [bool, int32],
  [bool, bool],
  [int32, float32],
  [float32, bool],
]

/** Where no second operand is 0. */
const divisible = mixed.filter(([, b]) => b !== bool)

/** Where a negative number gets no broken exponent. */
const whole = mixed.filter(([a, b]) => a !== float32 && b !== float32)

const remainder = (a: number, b: number): number => a - b * Math.floor(a / b)

type Binary = readonly [
  OpName,
  (a: TensorOrNumber, b: TensorOrNumber) => Tensor,
  (a: number, b: number) => number,
  readonly Pair[],
]

const binary: readonly Binary[] = [
  ['add', ops.add, (a, b) => a + b, mixed],
  ['sub', ops.sub, (a, b) => a - b, mixed],
  ['mul', ops.mul, (a, b) => a * b, mixed],
  ['maximum', ops.maximum, Math.max, mixed],
  ['minimum', ops.minimum, Math.min, mixed],
  ['squaredDifference', ops.squaredDifference, (a, b) => (a - b) ** 2, mixed],
  ['mod', ops.mod, remainder, divisible],
  ['mod', ops.mod, (a, b) => (b === 0 ? 0 : remainder(a, b)), [[int32, bool]]],
  ['div', ops.div, (a, b) => a / b, divisible],
  ['pow', ops.pow, (a, b) => a ** b, whole],
  ['atan2', ops.atan2, Math.atan2, divisible],
  ['equal', ops.equal, (a, b) => Number(a === b), mixed],
  ['notEqual', ops.notEqual, (a, b) => Number(a !== b), mixed],
  ['less', ops.less, (a, b) => Number(a < b), mixed],
  ['lessEqual', ops.lessEqual, (a, b) => Number(a <= b), mixed],
  ['greater', ops.greater, (a, b) => Number(a > b), mixed],
  ['greaterEqual', ops.greaterEqual, (a, b) => Number(a >= b), mixed],
]

/** Of two tensors, and of a tensor and a number. */
const binaryCases = binary.flatMap(([op, run, f, kinds]) => [
  ...kinds.map(([a, b]) =>
    opCase(
      op,
      `${a.name} and ${b.name}`,
      [first, second],
      (x, y) => toFloat(run(a.of(x!), b.of(y!))),
      elementwise((x, y) => f(a.value(x!), b.value(y!))),
    ),
  ),
  ...[int32, bool].flatMap(({ name, of, value }) => [
    opCase(
      op,
      `${name} and a number`,
      [first],
      (x) => toFloat(run(of(x!), 2)),
      elementwise((x) => f(value(x!), 2)),
    ),
  ]),
])

const choices = [
  ...mixed.map(([a, b]) =>
    opCase(
      'where',
      `${a.name} and ${b.name}`,
      [first, second],
      (x, y) => toFloat(ops.where(ops.less(x!, y!), a.of(x!), b.of(y!))),
      elementwise((x, y) => (x! < y! ? a.value(x!) : b.value(y!))),
    ),
  ),
  ...[int32, bool].map(({ name, of, value }) =>
    opCase(
      'where',
      `${name} and a number`,
      [first],
      (x) => ops.where(ops.less(x!, 1.5), of(x!), 2.5),
      elementwise((x) => (x! < 1.5 ? value(x!) : 2.5)),
    ),
  ),
]

type Unary = readonly [OpName, (x: Tensor) => Tensor, (x: number) => number]

const unaries: readonly Unary[] = [
  ...unary
    .filter(([op]) => !['clip', 'cast', 'logicalNot', 'atanh'].includes(op))
    .map(([op, run, f]): Unary => [op, run, f]),
  ...activations.map(({ op, f, truth }): Unary => [op, f, (x) => truth(x)[0]]),
  ['clip', (x) => ops.clip(x, -1, 2), (x) => Math.min(Math.max(x, -1), 2)],
  ['clip', (x) => ops.clip(x, Number.NEGATIVE_INFINITY, 1), (x) => Math.min(x, 1)],
  ['cast', (x) => ops.cast(x, 'float32'), (x) => x],
  ['cast', (x) => ops.cast(x, 'int32'), (x) => x],
  ['cast', (x) => ops.cast(x, 'bool'), (x) => Number(x !== 0)],
]

/** Defined nowhere but on [−1, 1]. */
const inverse = new Set(['asin', 'acos'])

const unaryCases = unaries.flatMap(([op, run, f]) =>
  [int32, bool].map(({ name, of, value }) =>
    opCase(
      op,
      `of ${name}`,
      [inverse.has(op) ? host([2], [0.3, -0.6]) : host([5], [1.3, 2.6, 2.2, 1.9, 1.1])],
      (x) => toFloat(run(of(x!))),
      elementwise((x) => f(value(x!))),
    ),
  ),
)

const matrix = host([2, 3], [2.3, -1.6, 3.2, -2.4, 4.7, -1.1])

const total = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0)
const powers = (x: Host): Host => elementwise((v) => Math.exp(v!))(x)

const folds: readonly (readonly [OpName, (x: Tensor) => Tensor, (x: Host) => Host])[] = [
  ['sum', (x) => ops.sum(x, 0), reduced(total, [0])],
  ['mean', (x) => ops.mean(x, 0), reduced((v) => total(v) / v.length, [0])],
  ['prod', (x) => ops.prod(x, 1), reduced((v) => v.reduce((a, b) => a * b, 1), [1])],
  ['prod', (x) => ops.prod(ops.expandDims(x), []), (x) => host([1, 2, 3], x.data)],
  ['max', (x) => ops.max(x, 0), reduced((v) => Math.max(...v), [0])],
  ['min', (x) => ops.min(x, 1), reduced((v) => Math.min(...v), [1])],
  ['argMax', (x) => ops.argMax(x), reduced((v) => v.indexOf(Math.max(...v)), [1])],
  ['argMin', (x) => ops.argMin(x, 0), reduced((v) => v.indexOf(Math.min(...v)), [0])],
  ['sumRows', ops.sumRows, reduced(total, [1])],
  ['logSumExp', (x) => ops.logSumExp(x, 1), (x) => elementwise((v) => Math.log(v!))(reduced(total, [1])(powers(x)))],
  ['softmax', (x) => ops.softmax(x), (x) => elementwise((p, q) => p! / q!)(powers(x), reduced(total, [1], true)(powers(x)))],
  ['cumsum', (x) => ops.cumsum(x, 0), (x) => build(x.shape, ([i, j]) => at(x, [0, j!]) + i! * at(x, [1, j!]))],
  ['reverse', (x) => ops.reverse(x, 1), (x) => build(x.shape, ([i, j]) => at(x, [i!, 2 - j!]))],
  ['pad', (x) => ops.pad(x, [[0, 0], [1, 0]], 1), (x) => build([2, 4], ([i, j]) => (j === 0 ? 1 : at(x, [i!, j! - 1])))],
  ['transpose', (x) => ops.transpose(x), (x) => build([3, 2], ([i, j]) => at(x, [j!, i!]))],
  ['tile', (x) => ops.tile(x, [2, 2]), (x) => build([4, 6], ([i, j]) => at(x, [i! % 2, j! % 3]))],
  ['slice', (x) => ops.slice(x, [0, 1], [2, 2]), (x) => build([2, 2], ([i, j]) => at(x, [i!, j! + 1]))],
  ['gather', (x) => ops.gather(x, ops.tensor([2, 0], [2], 'int32'), 1), (x) => build([2, 2], ([i, j]) => at(x, [i!, 2 - 2 * j!]))],
  ['splitAxis', (x) => ops.splitAxis(x, [1, 2], 1)[1]!, (x) => build([2, 2], ([i, j]) => at(x, [i!, j! + 1]))],
  ['unstack', (x) => ops.unstack(x, 1)[2]!, (x) => build([2], ([i]) => at(x, [i!, 2]))],
  ['broadcastTo', (x) => ops.broadcastTo(x, [2, 2, 3]), (x) => build([2, 2, 3], ([, i, j]) => at(x, [i!, j!]))],
] // biome-ignore format: rows

const foldCases = folds.flatMap(([op, run, truth]) =>
  [int32, bool].map(({ name, of, value }) =>
    opCase(
      op,
      `of ${name}`,
      [matrix],
      (x) => toFloat(run(of(x!))),
      (x) => truth(elementwise((v) => value(v!))(x!)),
    ),
  ),
)

const joined = (a: Host, b: Host): Host => host([10], [...a.data, ...b.data])

const meetings = [...mixed, [bool, float32] as const].flatMap(([a, b]) => {
  const [left, right] = [elementwise((x) => a.value(x!)), elementwise((x) => b.value(x!))]
  return [
    opCase(
      'concat',
      `${a.name} and ${b.name}`,
      [first, second],
      (x, y) => toFloat(ops.concat([a.of(x!), b.of(y!)])),
      (x, y) => joined(left(x!), right(y!)),
    ),
    opCase(
      'stack',
      `${a.name} and ${b.name}`,
      [first, second],
      (x, y) => toFloat(ops.stack([a.of(x!), b.of(y!)])),
      (x, y) => host([2, 5], joined(left(x!), right(y!)).data),
    ),
    opCase(
      'matMul',
      `${a.name} and ${b.name}`,
      [first, second],
      (x, y) => ops.matMul(ops.reshape(a.of(x!), [1, 5]), ops.reshape(b.of(y!), [5, 1])),
      (x, y) => host([1, 1], [total(elementwise((v, w) => v! * w!)(left(x!), right(y!)).data)]),
    ),
    opCase(
      'dotRows',
      `${a.name} and ${b.name}`,
      [first, second],
      (x, y) => toFloat(ops.dotRows(ops.reshape(a.of(x!), [1, 5]), ops.reshape(b.of(y!), [1, 5]))),
      (x, y) => host([1], [total(elementwise((v, w) => v! * w!)(left(x!), right(y!)).data)]),
    ),
  ]
})

/** Ops on integers, on bools, and on operands of two element types. */
export const dtypeCases: readonly OpCase[] = [
  ...binaryCases,
  ...choices,
  ...unaryCases,
  ...foldCases,
  ...meetings,
]
