import { expect, test } from 'vitest'
import { type Tensor, type TensorOrNumber, tensor } from '..'
import * as ops from '.'

const dtypes = ['bool', 'int32', 'float32'] as const
type DType = (typeof dtypes)[number]

const ofDType = (dtype: DType): Tensor => tensor([1, 0], [2], dtype)

/** The wider of two element types. */
const wider = (a: DType, b: DType): DType => dtypes[Math.max(dtypes.indexOf(a), dtypes.indexOf(b))]!

type Binary = (a: TensorOrNumber, b: TensorOrNumber) => Tensor
const joined: Binary = (a, b) => ops.concat([a as Tensor, b as Tensor])
const stacked: Binary = (a, b) => ops.stack([a as Tensor, b as Tensor])
const chosen: Binary = (a, b) => ops.where(ofDType('bool'), a, b)

/** Ops by the element type of their result: the widest of their operands' and this one. */
const binaries: readonly (readonly [DType, Record<string, Binary>])[] = [
  ['bool', { joined, stacked, chosen }],
  [
    'int32',
    {
      add: ops.add,
      sub: ops.sub,
      mul: ops.mul,
      maximum: ops.maximum,
      minimum: ops.minimum,
      mod: ops.mod,
      squaredDifference: ops.squaredDifference,
    },
  ],
  ['float32', { div: ops.div, pow: ops.pow, atan2: ops.atan2 }],
]

const pairs = dtypes.flatMap((a) => dtypes.map((b) => [a, b] as const))

test.each(
  binaries.flatMap(([least, fs]) => Object.entries(fs).map(([name, f]) => [name, least, f] as const)),
)('%s of two element types has the wider of them and %s', (_name, least, f) => {
  for (const [a, b] of pairs) expect(f(ofDType(a), ofDType(b)).dtype).toBe(wider(least, wider(a, b)))
})

test('numbers are float32', () => {
  for (const dtype of dtypes) {
    expect(ops.add(ofDType(dtype), 2).dtype).toBe('float32')
    expect(ops.where(ofDType('bool'), 2, ofDType(dtype)).dtype).toBe('float32')
  }
})

test('comparisons give bools', () => {
  for (const f of [ops.equal, ops.notEqual, ops.less, ops.lessEqual, ops.greater, ops.greaterEqual]) {
    for (const [a, b] of pairs) expect(f(ofDType(a), ofDType(b)).dtype).toBe('bool')
  }
})

type Unary = (x: Tensor) => Tensor

const unaries: readonly (readonly [DType, Record<string, Unary>])[] = [
  [
    'bool',
    {
      clone: ops.clone,
      reverse: ops.reverse,
      transpose: ops.transpose,
      tile: (x) => ops.tile(x, [2]),
      pad: (x) => ops.pad(x, [[1, 1]], 1),
      slice: (x) => ops.slice(x, [0], [1]),
      gather: (x) => ops.gather(x, tensor([0], [1], 'int32')),
      zerosLike: ops.zerosLike,
    },
  ],
  [
    'int32',
    {
      neg: ops.neg,
      abs: ops.abs,
      sign: ops.sign,
      square: ops.square,
      floor: ops.floor,
      ceil: ops.ceil,
      round: ops.round,
      clip: (x) => ops.clip(x, 0, 1),
      sum: (x) => ops.sum(x),
      prod: (x) => ops.prod(x),
      max: (x) => ops.max(x),
      min: (x) => ops.min(x),
      cumsum: ops.cumsum,
      sumRows: ops.sumRows,
    },
  ],
  [
    'float32',
    {
      sqrt: ops.sqrt,
      exp: ops.exp,
      log1p: ops.log1p,
      sin: ops.sin,
      erf: ops.erf,
      reciprocal: ops.reciprocal,
      relu: ops.relu,
      leakyRelu: ops.leakyRelu,
      softplus: ops.softplus,
      selu: ops.selu,
      silu: ops.silu,
      softmax: ops.softmax,
      mean: (x) => ops.mean(x),
      logSumExp: (x) => ops.logSumExp(x),
      matMul: (x) => ops.matMul(ops.reshape(x, [1, 2]), ops.reshape(x, [2, 1])),
    },
  ],
]

test.each(unaries.flatMap(([least, fs]) => Object.entries(fs).map(([name, f]) => [name, least, f] as const)))(
  '%s has the wider of its operand’s element type and %s',
  (_name, least, f) => {
    for (const dtype of dtypes) expect(f(ofDType(dtype)).dtype).toBe(wider(least, dtype))
  },
)

test.each(['int32', 'bool'] as const)(
  'images and filters of %s are convolved and pooled as float32',
  async (dtype) => {
    const image = tensor([1, 0, 1, 1], [1, 2, 2, 1], dtype)
    const two = tensor([1, 1], [1, 2, 1, 1], dtype)
    const row = { padding: 'valid' as const }
    for (const [y, values] of [
      [ops.conv2d(image, two, row), [1, 2]],
      [ops.depthwiseConv2d(image, two, row), [1, 2]],
      [ops.avgPool2d(image, 2), [0.75]],
      [ops.maxPool2d(image, 2), [1]],
      [ops.resizeBilinear(image, [2, 2]), [1, 0, 1, 1]],
    ] as const) {
      expect(y.dtype).toBe('float32')
      expect([...(await y.data())]).toEqual(values)
    }
    expect([...(await ops.resizeNearest(image, [2, 2]).data())]).toEqual([1, 0, 1, 1])
  },
)
