import type { Tensor } from '../../../types'
import * as ops from '../..'
import { type OpName, toFloat } from '../case'
import { INF, NAN, often, type SpecialCase } from './case'

type Unary = readonly [OpName, (x: Tensor) => Tensor, atInfinity: number, atMinusInfinity: number]

/** What is NaN at NaN. */
const unary: readonly Unary[] = [
  ['neg', ops.neg, -INF, INF],
  ['abs', ops.abs, INF, INF],
  ['sign', ops.sign, 1, -1],
  ['square', ops.square, INF, INF],
  ['sqrt', ops.sqrt, INF, NAN],
  ['rsqrt', ops.rsqrt, 0, NAN],
  ['reciprocal', ops.reciprocal, 0, 0],
  ['exp', ops.exp, INF, 0],
  ['expm1', ops.expm1, INF, -1],
  ['log', ops.log, INF, NAN],
  ['log1p', ops.log1p, INF, NAN],
  ['sin', ops.sin, NAN, NAN],
  ['cos', ops.cos, NAN, NAN],
  ['tan', ops.tan, NAN, NAN],
  ['asin', ops.asin, NAN, NAN],
  ['acos', ops.acos, NAN, NAN],
  ['atan', ops.atan, Math.PI / 2, -Math.PI / 2],
  ['sinh', ops.sinh, INF, -INF],
  ['cosh', ops.cosh, INF, INF],
  ['tanh', ops.tanh, 1, -1],
  ['asinh', ops.asinh, INF, -INF],
  ['acosh', ops.acosh, INF, NAN],
  ['atanh', ops.atanh, NAN, NAN],
  ['erf', ops.erf, 1, -1],
  ['floor', ops.floor, INF, -INF],
  ['ceil', ops.ceil, INF, -INF],
  ['round', ops.round, INF, -INF],
  ['relu', ops.relu, INF, 0],
  ['leakyRelu', (x) => ops.leakyRelu(x), INF, -INF],
  ['elu', ops.elu, INF, -1],
  ['selu', ops.selu, INF, -1.0507009873554805 * 1.6732632423543772],
  ['sigmoid', ops.sigmoid, 1, 0],
  ['logSigmoid', ops.logSigmoid, 0, -INF],
  ['softplus', ops.softplus, INF, 0],
  ['silu', ops.silu, INF, NAN],
  ['gelu', ops.gelu, INF, NAN],
  ['clip', (x) => ops.clip(x, -1, 2), 2, -1],
  ['clip', (x) => ops.clip(x, 0, INF), INF, 0],
  ['clip', (x) => ops.clip(x, -INF, INF), INF, -INF],
  ['clip', (x) => ops.clip(x, 2, 2), 2, 2],
]

const others: readonly (readonly [OpName, (x: Tensor) => Tensor, values: readonly number[]])[] = [
  ['isNan', (x) => toFloat(ops.isNan(x)), [1, 0, 0, 0]],
  ['isFiniteNumber', (x) => toFloat(ops.isFiniteNumber(x)), [0, 0, 0, 1]],
  ['cast', (x) => toFloat(ops.cast(x, 'bool')), [1, 1, 1, 1]],
  ['where', (x) => ops.where(ops.greater(x, 0), x, 7), [7, INF, 7, 1.5]],
  ['where', (x) => ops.where(ops.greater(x, 0), -1, x), [NAN, -1, -INF, -1]],
  ['maximum', (x) => ops.maximum(0, x), [NAN, INF, 0, 1.5]],
  ['maximum', (x) => ops.maximum(x, NAN), [NAN, NAN, NAN, NAN]],
  ['minimum', (x) => ops.minimum(x, 0), [NAN, 0, -INF, 0]],
  ['minimum', (x) => ops.minimum(NAN, x), [NAN, NAN, NAN, NAN]],
  ['pow', (x) => ops.pow(x, 0), [1, 1, 1, 1]],
  ['pow', (x) => ops.pow(1, x), [1, 1, 1, 1]],
  ['mod', (x) => ops.mod(-2, x), [NAN, INF, -2, 1]],
  // −0
  ['round', (x) => ops.reciprocal(ops.round(ops.sub(ops.clip(x, 1.5, 1.5), 2))), [NAN, -INF, -INF, -INF]],
]

type Row = readonly [x: number, value: number]

/** Where functions begin, end or have poles. */
// biome-ignore format: rows
const ends: readonly (readonly [OpName, (x: Tensor) => Tensor, readonly Row[]])[] = [
  ['log', ops.log, [[0, -INF], [-0, -INF], [1, 0], [-1, NAN]]],
  ['log1p', (x) => ops.log1p(ops.cast(x, 'int32')), [[-1, -INF], [0, 0], [-2, NAN]]],
  ['sqrt', ops.sqrt, [[0, 0], [-1, NAN]]],
  ['rsqrt', ops.rsqrt, [[0, INF], [-1, NAN]]],
  ['reciprocal', ops.reciprocal, [[0, INF], [-0, -INF]]],
  ['asin', ops.asin, [[1, Math.PI / 2], [-1, -Math.PI / 2], [1.5, NAN]]],
  ['acos', ops.acos, [[1, 0], [-1, Math.PI], [-1.5, NAN]]],
  ['acosh', ops.acosh, [[1, 0], [0.5, NAN]]],
  ['atanh', ops.atanh, [[1, INF], [-1, -INF], [1.5, NAN]]],
  ['exp', ops.exp, [[89, INF], [-120, 0]]],
  ['div', (x) => ops.div(3, x), [[0, INF], [-0, -INF]]],
  ['pow', (x) => ops.pow(x, -1), [[0, INF], [-0, -INF]]],
  ['pow', (x) => ops.pow(x, 0.5), [[-INF, INF], [0, 0], [-1, NAN], [2, Math.SQRT2]]],
]

/** Of NaN, the infinities and an ordinary number side by side. */
const points = often([NAN, INF, -INF, 1.5])

export const unaryCases: readonly SpecialCase[] = [
  ...unary.map(
    ([op, run, high, low]): SpecialCase => ({
      op,
      label: 'NaN, ∞, −∞',
      inputs: [often([NAN, INF, -INF])],
      run,
      value: often([NAN, high, low]),
    }),
  ),
  ...ends.map(
    ([op, run, rows]): SpecialCase => ({
      op,
      label: 'where it ends',
      inputs: [often(rows.map(([x]) => x))],
      run,
      value: often(rows.map(([, value]) => value)),
    }),
  ),
  ...others.map(
    ([op, run, values]): SpecialCase => ({
      op,
      label: 'NaN, ∞, −∞, 1.5',
      inputs: [points],
      run,
      value: often(values),
    }),
  ),
]
