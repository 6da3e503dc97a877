import type { Tensor, TensorOrNumber } from '../../../types'
import * as ops from '../..'
import { type OpName, toFloat } from '../case'
import { INF, NAN, often, type SpecialCase } from './case'

type Operation = (a: TensorOrNumber, b: TensorOrNumber) => Tensor
type Row = readonly [a: number, b: number, value: number]

const compared =
  (op: Operation): Operation =>
  (a, b) =>
    toFloat(op(a, b))

const eitherWay = (rows: readonly Row[]): Row[] => [
  ...rows,
  ...rows.map(([a, b, value]): Row => [b, a, value]),
]

// biome-ignore format: rows
const binary: readonly (readonly [OpName, Operation, readonly Row[]])[] = [
  ['add', ops.add, eitherWay([[INF, -INF, NAN], [INF, 1, INF], [NAN, 1, NAN]])],
  ['sub', ops.sub, [[INF, INF, NAN], [1, INF, -INF], [NAN, 1, NAN], [1, NAN, NAN]]],
  ['mul', ops.mul, eitherWay([[INF, 0, NAN], [INF, -2, -INF], [NAN, 0, NAN]])],
  ['div', ops.div, [
    [0, 0, NAN], [INF, INF, NAN], [1, 0, INF], [-1, 0, -INF], [1, INF, 0], [NAN, NAN, NAN], [3, 3, 1],
  ]],
  ['maximum', ops.maximum, eitherWay([
    [NAN, 1, NAN], [NAN, INF, NAN], [NAN, -INF, NAN], [INF, 1, INF], [-INF, 1, 1],
  ])],
  ['minimum', ops.minimum, eitherWay([
    [NAN, 1, NAN], [NAN, INF, NAN], [NAN, -INF, NAN], [INF, 1, 1], [-INF, 1, -INF],
  ])],
  ['pow', ops.pow, [
    [NAN, 0, 1], [1, NAN, 1], [NAN, 2, NAN], [2, NAN, NAN], [1, INF, 1], [-1, INF, 1], [-1, -INF, 1],
    [2, INF, INF], [2, -INF, 0], [0.5, INF, 0], [0.5, -INF, INF], [0, -2, INF], [INF, 0, 1], [-INF, 3, -INF],
    [-INF, 2, INF], [-INF, -1, 0], [-2, 0.5, NAN], [-2, 3, -8],
  ]],
  ['mod', ops.mod, [
    [5, INF, 5], [-5, INF, INF], [5, -INF, -INF], [-5, -INF, -5], [0, INF, 0], [INF, 3, NAN], [5, 0, NAN],
    [NAN, 3, NAN], [3, NAN, NAN], [1e9, 7, 6], [-1e9, 7, 1], [16777213, 2, 1], [1e38, 1e-30, 0], [7.5, -2, -0.5], [-7.5, 2, 0.5],
  ]],
  ['atan2', ops.atan2, [
    [INF, INF, Math.PI / 4], [INF, -INF, 0.75 * Math.PI], [1, INF, 0], [INF, 1, Math.PI / 2], [NAN, 1, NAN], [1, NAN, NAN],
    [-0, 1, 0], [-0, INF, 0], [-0, -1, -Math.PI], [0, -1, Math.PI], [-0, -0, -Math.PI], [0, -0, Math.PI], [-0, -INF, -Math.PI],
  ]],
  ['squaredDifference', ops.squaredDifference, [[INF, INF, NAN], [INF, 1, INF], [NAN, NAN, NAN]]],
  ['equal', compared(ops.equal), [[NAN, NAN, 0], [NAN, 1, 0], [INF, INF, 1], [INF, -INF, 0]]],
  ['notEqual', compared(ops.notEqual), [[NAN, NAN, 1], [1, NAN, 1], [INF, INF, 0], [INF, -INF, 1]]],
  ['less', compared(ops.less), [[NAN, 1, 0], [1, NAN, 0], [-INF, INF, 1], [INF, INF, 0]]],
  ['lessEqual', compared(ops.lessEqual), [[NAN, NAN, 0], [1, NAN, 0], [INF, INF, 1], [INF, 1, 0]]],
  ['greater', compared(ops.greater), [[NAN, 1, 0], [1, NAN, 0], [INF, -INF, 1], [INF, INF, 0]]],
  ['greaterEqual', compared(ops.greaterEqual), [[NAN, NAN, 0], [1, NAN, 0], [INF, INF, 1], [-INF, 1, 0]]],
]

const column = (rows: readonly Row[], i: 0 | 1 | 2) => often(rows.map((row) => row[i]))

/** Remainders next to the divisor, which rounds them to itself; apart from NaN, by which some engines take another way. */
// biome-ignore format: rows
const remainders: readonly Row[] = [
  [-1e-7, 3, 3], [1e-20, -1, -1], [-0.5, 1e20, 1e20], [1e9, -1e20, -1e20], [0.5, -16777216, -16777216], [7, 3, 1], [-7, 3, 2],
]

const cases: typeof binary = [...binary, ['mod', ops.mod, remainders]]

export const binaryCases: readonly SpecialCase[] = cases.map(([op, run, rows]) => ({
  op,
  label: rows === remainders ? 'next to the divisor' : 'two tensors',
  inputs: [column(rows, 0), column(rows, 1)],
  run: (a, b) => run(a!, b!),
  value: column(rows, 2),
}))
