/// <reference path="../../../../vitest.shared.ts" />
import { describe, expect, inject, test } from 'vitest'
import { grad, type Tensor, tensor } from '..'
import * as ops from '.'

/** The value, slope and curvature that each op has where a formula leaves them open. */
const conventions: readonly (readonly [
  string,
  (x: Tensor) => Tensor,
  number,
  readonly [number, number, number],
])[] = [
  ['abs at 0', ops.abs, 0, [0, 0, 0]],
  ['sign at 0', ops.sign, 0, [0, 0, 0]],
  ['relu at 0', ops.relu, 0, [0, 0, 0]],
  ['leakyRelu at 0', (x) => ops.leakyRelu(x, 0.1), 0, [0, 0.1, 0]],
  ['elu at 0', ops.elu, 0, [0, 1, 1]],
  ['clip at its lower end', (x) => ops.clip(x, -1, 2), -1, [-1, 1, 0]],
  ['clip at its upper end', (x) => ops.clip(x, -1, 2), 2, [2, 1, 0]],
  ['clip to one value', (x) => ops.clip(x, 2, 2), 2, [2, 1, 0]],
  ['the first operand of maximum at a tie', (x) => ops.maximum(x, 1), 1, [1, 1, 0]],
  ['the second operand of maximum at a tie', (x) => ops.maximum(1, x), 1, [1, 0, 0]],
  ['the first operand of minimum at a tie', (x) => ops.minimum(x, 1), 1, [1, 1, 0]],
  ['maximum of x and x', (x) => ops.maximum(x, x), 1, [1, 1, 0]],
  ['x⁰ at 0', (x) => ops.pow(x, 0), 0, [1, 0, 0]],
  ['x¹ at 0', (x) => ops.pow(x, 1), 0, [0, 1, 0]],
  ['x² at 0', (x) => ops.pow(x, 2), 0, [0, 0, 2]],
  ['x³ at 0', (x) => ops.pow(x, 3), 0, [0, 0, 0]],
  ['x² at −3', (x) => ops.pow(x, 2), -3, [9, -6, 2]],
  ['sigmoid at −90', ops.sigmoid, -90, [0, 0, 0]],
  ['tanh at 90', ops.tanh, 90, [1, 0, 0]],
  ['softplus at 90', ops.softplus, 90, [90, 1, 0]],
  ['softplus at −90', ops.softplus, -90, [0, 0, 0]],
  ['logSigmoid at −90', ops.logSigmoid, -90, [-90, 1, 0]],
  ['silu at −90', ops.silu, -90, [0, 0, 0]],
  ['selu at 100', ops.selu, 100, [105.0701, 1.0507009873554805, 0]],
  ['elu at 100', ops.elu, 100, [100, 1, 0]],
  ['gelu at 30', ops.gelu, 30, [30, 1, 0]],
]

test.each(conventions)('%s', async (_name, f, at, wanted) => {
  const x = tensor([at])
  const first = grad((x) => ops.sum(f(x)))
  const second = grad((x) => ops.sum(first(x)))
  const got = [f(x), first(x), second(x)].map((y) => y.data())
  for (const [i, values] of (await Promise.all(got)).entries()) expect(values[0]).toBeCloseTo(wanted[i]!, 4)
})

async function gradientOf(f: (x: Tensor) => Tensor, values: number[]): Promise<number[]> {
  return [...(await grad((x) => ops.sum(f(x)))(tensor(values)).data())]
}

describe('ties and zeros', () => {
  test('tied extremes share the gradient', async () => {
    expect(await gradientOf((x) => ops.max(x), [3, 1, 3])).toEqual([0.5, 0, 0.5])
    expect(await gradientOf((x) => ops.min(x), [1, 1, 1, 2])).toEqual(
      [1, 1, 1, 0].map((v) => Math.fround(v / 3)),
    )
  })

  test('tied maxima of a pool share the gradient', async () => {
    const pooled = (x: Tensor): Tensor => ops.maxPool2d(ops.reshape(x, [1, 2, 2, 1]), 2)
    expect(await gradientOf(pooled, [-2, -1, -1, -3])).toEqual([0, 0.5, 0.5, 0])
  })

  test('logSumExp of equal, huge values neither overflows nor loses its slope', async () => {
    const x = tensor([1000, 1000, -1000])
    expect((await ops.logSumExp(x).data())[0]).toBeCloseTo(1000 + Math.LN2, 3)
    const slopes = await gradientOf((x) => ops.logSumExp(x), [1000, 1000, -1000])
    for (const [i, wanted] of [0.5, 0.5, 0].entries()) expect(slopes[i]).toBeCloseTo(wanted, 6)
  })

  test('softmax and logSoftmax stay finite at huge logits', async () => {
    expect(await ops.softmax(tensor([1000, 0, -1000])).data()).toEqual(new Float32Array([1, 0, 0]))
    expect(await ops.logSoftmax(tensor([1000, 0])).data()).toEqual(new Float32Array([0, -1000]))
  })

  test('prod has its gradient where factors are 0', async () => {
    expect(await gradientOf((x) => ops.prod(x), [2, 0, 5])).toEqual([0, 10, 0])
    expect(await gradientOf((x) => ops.prod(x), [0, 0, 5])).toEqual([0, 0, 0])
  })

  test('the gradient by an exponent is finite at bases <= 0', async () => {
    const byExponent = grad((b) => ops.sum(ops.pow(tensor([0, -2, 3]), b)))
    const values = await byExponent(tensor([2, 2, 2])).data()
    expect([...values].map((v) => Math.round(v * 1e4) / 1e4)).toEqual([
      0,
      0,
      Math.round(9 * Math.log(3) * 1e4) / 1e4,
    ])
  })

  test('rows chosen more than once add their gradients', async () => {
    const chosen = (x: Tensor): Tensor =>
      ops.mul(ops.gather(x, tensor([2, 0, 2], [3], 'int32')), tensor([1, 10, 100]))
    expect(await gradientOf(chosen, [0, 0, 0])).toEqual([10, 0, 101])
  })

  test('an index that depends on x has no gradient itself', async () => {
    const largest = (x: Tensor): Tensor => ops.square(ops.gather(x, ops.argMax(x)))
    expect(await gradientOf(largest, [1, 3, 2])).toEqual([0, 6, 0])
    expect(await gradientOf((x) => grad((x) => ops.sum(largest(x)))(x), [1, 3, 2])).toEqual([0, 2, 0])
  })
})

const [INF, NAN] = [Number.POSITIVE_INFINITY, Number.NaN]

/** Code for GPUs may take it that infinities and NaN do not occur (WGSL, section 15.7; GLSL ES, 4.7.1): eager ops promise nothing there. */
const knowsInfinities = ['cpu', 'wasm'].includes(inject('backend'))

describe.runIf(knowsInfinities)('exponentials at infinities', () => {
  /** Values, ln Σ eˣ, and its gradient, softmax: the limits, or where there are many, the even one. */
  const rows: readonly [number[], number, number[]][] = [
    [[-INF, -INF], -INF, [0.5, 0.5]],
    [[-INF], -INF, [1]],
    [[-INF, 0], 0, [0, 1]],
    [[-INF, 2, 2], 2 + Math.LN2, [0, 0.5, 0.5]],
    [[INF, 1], INF, [1, 0]],
    [[INF, INF, 1], INF, [0.5, 0.5, 0]],
    [[INF, -INF], INF, [1, 0]],
    [[3e38, -3e38], 3e38, [1, 0]],
    [[-3e38, -3e38], -3e38, [0.5, 0.5]],
    [[NAN, 1], NAN, [NAN, NAN]],
    [[NAN, INF], NAN, [NAN, NAN]],
    [[1, NAN, -INF], NAN, [NAN, NAN, NAN]],
  ]
  test.each(rows.map((row) => [`of ${row[0]}`, ...row] as const))(
    '%s',
    async (_name, values, sum, weights) => {
      const x = tensor(values)
      const near = (got: Iterable<number>, wanted: readonly number[]): void => {
        for (const [i, value] of [...got].entries()) {
          if (Number.isFinite(wanted[i])) expect(value / (wanted[i] || 1)).toBeCloseTo(wanted[i] ? 1 : 0, 6)
          else expect(value).toBe(wanted[i])
        }
      }
      near(await ops.logSumExp(x).data(), [sum])
      near(await ops.logSumExp(ops.reshape(x, [1, -1]), 1).data(), [sum])
      near(await gradientOf((x) => ops.logSumExp(x), values), weights)
      near(await ops.softmax(x).data(), weights)
      near(await ops.softmax(ops.expandDims(x, 1), 0).data(), weights)
      near(await ops.logSoftmax(x).data(), weights.map(Math.log))
      // The slope of Σ ln softmax: 1 − n softmax.
      near(
        await gradientOf((x) => ops.logSoftmax(x), values),
        weights.map((w) => 1 - values.length * w),
      )
    },
  )

  test('rows at infinity leave others alone', async () => {
    const rows = tensor([
      [-INF, -INF],
      [1, 1],
      [INF, 0],
    ])
    expect(await ops.logSumExp(rows, 1).data()).toEqual(new Float32Array([-INF, 1 + Math.LN2, INF]))
  })
})

describe('folds of nothing', () => {
  const none = (): Tensor => ops.zeros([0, 3])

  test.runIf(knowsInfinities)('have a mean of NaN and a logSumExp of −∞', async () => {
    expect([...(await ops.mean(none(), 0).data())]).toEqual([NAN, NAN, NAN])
    expect([...(await ops.mean(none()).data())]).toEqual([NAN])
    expect([...(await ops.mean(ops.zeros([0], 'int32')).data())]).toEqual([NAN])
    expect([...(await ops.logSumExp(none(), 0, true).data())]).toEqual([-INF, -INF, -INF])
  })

  test.each([
    ['max', () => ops.max(none(), 0), 'max: expected values along axes [0], got none in shape [0, 3]'],
    ['min', () => ops.min(none()), 'min: expected values along axes [0, 1], got none in shape [0, 3]'],
    [
      'argMax',
      () => ops.argMax(none(), 0),
      'argMax: expected values along axes [0], got none in shape [0, 3]',
    ],
    [
      'argMin',
      () => ops.argMin(ops.zeros([0])),
      'argMin: expected values along axes [0], got none in shape [0]',
    ],
  ])('have no %s', (_name, use, message) => {
    expect(use).toThrow(RangeError)
    expect(use).toThrow(message)
  })
})

describe('special values', () => {
  test('comparisons at equality', async () => {
    const x = tensor([1, 2, 3])
    for (const [op, wanted] of [
      [ops.equal, [0, 1, 0]],
      [ops.notEqual, [1, 0, 1]],
      [ops.less, [1, 0, 0]],
      [ops.lessEqual, [1, 1, 0]],
      [ops.greater, [0, 0, 1]],
      [ops.greaterEqual, [0, 1, 1]],
    ] as const) {
      expect([...(await op(x, 2).data())]).toEqual(wanted)
    }
  })

  test('NaN and infinities are told apart', async () => {
    const x = tensor([Number.NaN, Number.POSITIVE_INFINITY, 0])
    expect([...(await ops.isNan(x).data())]).toEqual([1, 0, 0])
    expect([...(await ops.isFiniteNumber(x).data())]).toEqual([0, 0, 1])
  })

  test('round takes ties to even', async () => {
    expect([...(await ops.round(tensor([0.5, 1.5, 2.5, -2.5])).data())]).toEqual([0, 2, 2, -2])
  })

  test('casts', async () => {
    expect([...(await ops.cast(tensor([-1.7, 1.7]), 'int32').data())]).toEqual([-1, 1])
    expect([...(await ops.cast(tensor([-1.7, 0, 0.2]), 'bool').data())]).toEqual([1, 0, 1])
    expect(ops.cast(tensor([1, 0], [2], 'int32'), 'bool').dtype).toBe('bool')
    const huge = [...(await ops.cast(tensor([NAN, INF, -INF, 3e9, -3e9]), 'int32').data())]
    const most = 2 ** 31 - 128
    expect(huge).toEqual([0, most, -(2 ** 31), most, -(2 ** 31)])
  })
})

describe.runIf(knowsInfinities)('small and large numbers', () => {
  /** Functions that are a slope times x near 0. */
  test.each([
    ['sin', ops.sin, 1],
    ['tan', ops.tan, 1],
    ['asin', ops.asin, 1],
    ['atan', ops.atan, 1],
    ['sinh', ops.sinh, 1],
    ['tanh', ops.tanh, 1],
    ['asinh', ops.asinh, 1],
    ['atanh', ops.atanh, 1],
    ['expm1', ops.expm1, 1],
    ['log1p', ops.log1p, 1],
    ['erf', ops.erf, 2 / Math.sqrt(Math.PI)],
    ['gelu', ops.gelu, 0.5],
    ['silu', ops.silu, 0.5],
  ] as const)('%s keeps the digits of small numbers', async (_, f, slope) => {
    for (const x of [1e-5, -1e-5, 1e-7, 1e-20, -1e-30]) {
      const [value] = await f(tensor([x])).data()
      expect(value! / (slope * x)).toBeCloseTo(1, 4)
    }
  })

  test.each([
    ['elu', ops.elu, 1],
    ['selu', ops.selu, 1.7580993408473768],
  ] as const)('%s keeps the digits of small negative numbers', async (_, f, slope) => {
    for (const x of [-1e-5, -1e-7, -1e-30]) {
      const [value] = await f(tensor([x])).data()
      expect(value! / (slope * x)).toBeCloseTo(1, 4)
    }
  })

  test('the gradient of a quotient leaves float32 no sooner than it must', async () => {
    // ∂(a/b)/∂b = −a/b².
    const slope = grad((b: Tensor) => ops.sum(ops.div(tensor([1e25, 1e-30]), b)))
    const [large, small] = await slope(tensor([1e25, 1e-25])).data()
    expect(large! / -1e-25).toBeCloseTo(1, 5)
    expect(small! / -1e20).toBeCloseTo(1, 5)
  })
})
