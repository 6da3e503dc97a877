import type { Tensor } from '../../types'
import * as ops from '..'
import { type OpCase, type OpName, opCase } from './case'
import { erf } from './elementwise'
import { at, build, elementwise, type Host, reduced, spread } from './host'

/** An activation with its derivatives in closed form. */
export interface Activation {
  readonly op: OpName
  readonly f: (x: Tensor) => Tensor
  /** f, f′ and f″ at one point. */
  readonly truth: (x: number) => readonly [value: number, first: number, second: number]
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const density = (x: number): number => Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI)
const SCALE = 1.0507009873554805
const SCALE_ALPHA = 1.0507009873554805 * 1.6732632423543772

export const activations: readonly Activation[] = [
  { op: 'relu', f: ops.relu, truth: (x) => (x > 0 ? [x, 1, 0] : [0, 0, 0]) },
  { op: 'leakyRelu', f: (x) => ops.leakyRelu(x), truth: (x) => (x > 0 ? [x, 1, 0] : [0.2 * x, 0.2, 0]) },
  {
    op: 'leakyRelu',
    f: (x) => ops.leakyRelu(x, 0.01),
    truth: (x) => (x > 0 ? [x, 1, 0] : [0.01 * x, 0.01, 0]),
  },
  { op: 'elu', f: ops.elu, truth: (x) => (x > 0 ? [x, 1, 0] : [Math.expm1(x), Math.exp(x), Math.exp(x)]) },
  {
    op: 'selu',
    f: ops.selu,
    truth: (x) => {
      const tail = SCALE_ALPHA * Math.exp(x)
      return x > 0 ? [SCALE * x, SCALE, 0] : [SCALE_ALPHA * Math.expm1(x), tail, tail]
    },
  },
  {
    op: 'sigmoid',
    f: ops.sigmoid,
    truth: (x) => {
      const slope = sigmoid(x) * sigmoid(-x)
      return [sigmoid(x), slope, slope * (1 - 2 * sigmoid(x))]
    },
  },
  {
    op: 'logSigmoid',
    f: ops.logSigmoid,
    truth: (x) => [-Math.log1p(Math.exp(-x)), sigmoid(-x), -sigmoid(x) * sigmoid(-x)],
  },
  {
    op: 'tanh',
    f: ops.tanh,
    truth: (x) => {
      const slope = 1 / Math.cosh(x) ** 2
      return [Math.tanh(x), slope, -2 * Math.tanh(x) * slope]
    },
  },
  {
    op: 'softplus',
    f: ops.softplus,
    truth: (x) => [Math.log1p(Math.exp(x)), sigmoid(x), sigmoid(x) * sigmoid(-x)],
  },
  {
    op: 'silu',
    f: ops.silu,
    truth: (x) => {
      const s = sigmoid(x)
      const slope = s * sigmoid(-x)
      return [x * s, s + x * slope, slope * (2 + x * (1 - 2 * s))]
    },
  },
  {
    op: 'gelu',
    f: ops.gelu,
    truth: (x) => {
      const distribution = (1 + erf(x * Math.SQRT1_2)) / 2
      return [x * distribution, distribution + x * density(x), density(x) * (2 - x * x)]
    },
  },
]

const softmax = (x: Host, axis: number): Host => {
  const total = reduced((values) => values.reduce((a, v) => a + Math.exp(v), 0), [axis], true)(x)
  return build(x.shape, (index) => Math.exp(at(x, index)) / at(total, index))
}

export const activationCases: readonly OpCase[] = [
  ...activations.map(({ op, f, truth }) =>
    opCase(
      op,
      '',
      [spread([17], -3, 3)],
      f,
      elementwise((x) => truth(x!)[0]),
    ),
  ),
  ...[-1, 0, 1].flatMap((axis) => {
    const x = spread([2, 3, 4], -2, 2)
    const last = axis === -1 ? 2 : axis
    return [
      opCase(
        'softmax',
        `axis ${axis}`,
        [x],
        (x) => ops.softmax(x!, axis),
        (x) => softmax(x!, last),
      ),
      opCase(
        'logSoftmax',
        `axis ${axis}`,
        [x],
        (x) => ops.logSoftmax(x!, axis),
        (x) => elementwise((p) => Math.log(p!))(softmax(x!, last)),
      ),
    ]
  }),
]
