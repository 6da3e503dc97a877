import type { Tensor, TensorOrNumber } from '../../types'
import * as ops from '..'
import { type OpCase, type OpName, opCase, toFloat } from './case'
import { elementwise, spread } from './host'

type Range = readonly [low: number, high: number]
type Unary = readonly [OpName, (x: Tensor) => Tensor, (x: number) => number, Range]
type Binary = readonly [
  OpName,
  (a: TensorOrNumber, b: TensorOrNumber) => Tensor,
  (a: number, b: number) => number,
  Range,
  Range,
]

/** erf by its Taylor series: exact in float64 for |x| < 3. */
export function erf(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > 1e-18; n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

export const unary: readonly Unary[] = [
  ['neg', ops.neg, (x) => -x, [-2, 2]],
  ['abs', ops.abs, Math.abs, [-2, 2]],
  ['sign', ops.sign, Math.sign, [-2, 2]],
  ['square', ops.square, (x) => x * x, [-2, 2]],
  ['sqrt', ops.sqrt, Math.sqrt, [0.2, 3]],
  ['rsqrt', ops.rsqrt, (x) => 1 / Math.sqrt(x), [0.3, 3]],
  ['reciprocal', ops.reciprocal, (x) => 1 / x, [-2, -0.4]],
  ['exp', ops.exp, Math.exp, [-2, 2]],
  ['expm1', ops.expm1, Math.expm1, [-2, 2]],
  ['log', ops.log, Math.log, [0.2, 3]],
  ['log1p', ops.log1p, Math.log1p, [-0.6, 3]],
  ['sin', ops.sin, Math.sin, [-3, 3]],
  ['cos', ops.cos, Math.cos, [-3, 3]],
  ['tan', ops.tan, Math.tan, [-1.1, 1.1]],
  ['asin', ops.asin, Math.asin, [-0.8, 0.8]],
  ['acos', ops.acos, Math.acos, [-0.8, 0.8]],
  ['atan', ops.atan, Math.atan, [-2, 2]],
  ['sinh', ops.sinh, Math.sinh, [-2, 2]],
  ['cosh', ops.cosh, Math.cosh, [-2, 2]],
  ['asinh', ops.asinh, Math.asinh, [-2, 2]],
  ['acosh', ops.acosh, Math.acosh, [1.3, 3]],
  ['atanh', ops.atanh, Math.atanh, [-0.7, 0.7]],
  ['erf', ops.erf, erf, [-2, 2]],
  ['floor', ops.floor, Math.floor, [-3, 3]],
  ['ceil', ops.ceil, Math.ceil, [-3, 3]],
  ['round', ops.round, Math.round, [-3, 3]],
  ['isNan', (x) => toFloat(ops.isNan(x)), () => 0, [-1, 1]],
  ['isFiniteNumber', (x) => toFloat(ops.isFiniteNumber(x)), () => 1, [-1, 1]],
  ['clip', (x) => ops.clip(x, -0.4, 0.7), (x) => Math.min(Math.max(x, -0.4), 0.7), [-1, 1]],
  ['cast', (x) => toFloat(ops.cast(x, 'int32')), Math.trunc, [-3, 3]],
  ['cast', (x) => toFloat(ops.cast(x, 'bool')), () => 1, [1, 3]],
  ['logicalNot', (x) => toFloat(ops.logicalNot(ops.greater(x, 0))), (x) => Number(!(x > 0)), [-1, 1]],
  ['clone', ops.clone, (x) => x, [-1, 1]],
]

const logical =
  (op: (a: Tensor, b: Tensor) => Tensor) =>
  (a: TensorOrNumber, b: TensorOrNumber): Tensor =>
    toFloat(op(ops.greater(a, 0), ops.greater(b, 0)))

const compared =
  (op: (a: TensorOrNumber, b: TensorOrNumber) => Tensor) =>
  (a: TensorOrNumber, b: TensorOrNumber): Tensor =>
    toFloat(op(a, b))

const binary: readonly Binary[] = [
  ['add', ops.add, (a, b) => a + b, [-2, 2], [-2, 2]],
  ['sub', ops.sub, (a, b) => a - b, [-2, 2], [-2, 2]],
  ['mul', ops.mul, (a, b) => a * b, [-2, 2], [-2, 2]],
  ['div', ops.div, (a, b) => a / b, [-2, 2], [0.4, 2]],
  ['pow', ops.pow, (a, b) => a ** b, [0.4, 2], [-1.5, 2.5]],
  ['maximum', ops.maximum, Math.max, [-2, 2], [-2, 2]],
  ['minimum', ops.minimum, Math.min, [-2, 2], [-2, 2]],
  ['mod', ops.mod, (a, b) => a - b * Math.floor(a / b), [-4, 4], [0.9, 2]],
  ['atan2', ops.atan2, Math.atan2, [-2, 2], [0.3, 2]],
  ['squaredDifference', ops.squaredDifference, (a, b) => (a - b) ** 2, [-2, 2], [-2, 2]],
  ['equal', compared(ops.equal), (a, b) => Number(a === b), [-1, 1], [-1, 1]],
  ['notEqual', compared(ops.notEqual), (a, b) => Number(a !== b), [-1, 1], [-1, 1]],
  ['less', compared(ops.less), (a, b) => Number(a < b), [-1, 1], [-1, 1]],
  ['lessEqual', compared(ops.lessEqual), (a, b) => Number(a <= b), [-1, 1], [-1, 1]],
  ['greater', compared(ops.greater), (a, b) => Number(a > b), [-1, 1], [-1, 1]],
  ['greaterEqual', compared(ops.greaterEqual), (a, b) => Number(a >= b), [-1, 1], [-1, 1]],
  ['logicalAnd', logical(ops.logicalAnd), (a, b) => Number(a > 0 && b > 0), [-1, 1], [-1, 1]],
  ['logicalOr', logical(ops.logicalOr), (a, b) => Number(a > 0 || b > 0), [-1, 1], [-1, 1]],
]

/** How two operands may meet. */
const meetings: readonly (readonly [label: string, a: readonly number[], b: readonly number[]])[] = [
  ['of one shape', [2, 3], [2, 3]],
  ['the second stretched', [2, 3], [3]],
  ['the first stretched', [2, 1, 2], [2, 3, 1]],
  ['a scalar tensor', [], [2, 2]],
]

function binaryCases([op, run, truth, rangeA, rangeB]: Binary): OpCase[] {
  const number = (rangeB[0] + 2 * rangeB[1]) / 3
  return [
    ...meetings.map(([label, a, b]) =>
      opCase(op, label, [spread(a, ...rangeA), spread(b, ...rangeB, 1)], run, elementwise(truth)),
    ),
    opCase(
      op,
      'a number second',
      [spread([2, 3], ...rangeA)],
      (a) => run(a!, number),
      elementwise((a) => truth(a!, Math.fround(number))),
    ),
    opCase(
      op,
      'a number first',
      [spread([2, 3], ...rangeB)],
      (b) => run(1.25, b!),
      elementwise((b) => truth(1.25, b!)),
    ),
  ]
}

const chosen = elementwise((c, a, b) => (c! > 0 ? a! : b!))

export const elementwiseCases: readonly OpCase[] = [
  ...unary.map(([op, run, truth, range]) =>
    opCase(op, '', [spread([13], ...range)], run, elementwise(truth)),
  ),
  ...binary.flatMap(binaryCases),
  opCase(
    'pow',
    'a whole exponent of negative bases',
    [spread([6], -2, -0.3)],
    (x) => ops.pow(x!, 3),
    elementwise((x) => x! ** 3),
  ),
  opCase(
    'where',
    'of one shape',
    [spread([2, 3]), spread([2, 3], -1, 1, 1), spread([2, 3], -1, 1, 2)],
    (c, a, b) => ops.where(ops.greater(c!, 0), a!, b!),
    chosen,
  ),
  opCase(
    'where',
    'stretched',
    [spread([2, 1, 1, 1, 1]), spread([1, 3], -1, 1, 1), spread([2, 1, 1, 2, 3], -1, 1, 2)],
    (c, a, b) => ops.where(ops.greater(c!, 0), a!, b!),
    chosen,
  ),
  opCase(
    'where',
    'numbers',
    [spread([7]), spread([7], -1, 1, 1)],
    (c, a) => ops.where(ops.greater(c!, 0), a!, 0.5),
    elementwise((c, a) => (c! > 0 ? a! : 0.5)),
  ),
  opCase(
    'stopGradient',
    '',
    [spread([5])],
    (x) => ops.stopGradient(x!),
    (x) => x!,
    true,
  ),
]
