import {
  argMax,
  argMin,
  atan2,
  clip,
  compile,
  conv2d,
  conv2dTranspose,
  div,
  elu,
  expm1,
  full,
  gelu,
  grad,
  log,
  log1p,
  logSigmoid,
  max,
  maximum,
  maxPool2d,
  min,
  minimum,
  mod,
  mul,
  oneHot,
  ones,
  pad,
  reciprocal,
  relu,
  resizeBilinear,
  resizeNearest,
  selu,
  sigmoid,
  silu,
  softplus,
  sum,
  type Tensor,
  tanh,
  tensor,
} from '@sgm/tensor'
import { describe, expect, test } from 'vitest'
import { onnx } from './index'

const { NaN: nan, POSITIVE_INFINITY: inf } = Number
const executor = onnx({ threads: 1 })

async function compiled(fn: (...x: Tensor[]) => Tensor, ...x: Tensor[]): Promise<number[]> {
  const call = compile(fn, { executor })
  const values = [...(await (await call(...x)).data())]
  await call.dispose()
  return values
}

/** The smallest number that float32 has all its digits for. */
const SMALLEST = 2 ** -126

/** Float32 rounding of a few chained operators, relative to each number; infinities, NaN and zeros as they are, and below `SMALLEST` zeros too. */
function expectNear(got: readonly number[], wanted: readonly number[], relative = 2e-6): void {
  expect(got.length).toBe(wanted.length)
  for (const [i, value] of wanted.entries()) {
    const isNear = Math.abs(got[i]! - value) <= relative * Math.abs(value)
    if (isNear || (value !== 0 && Math.abs(value) < SMALLEST && got[i] === 0)) continue
    expect(got[i], `entry ${i}`).toBe(value)
  }
}

/** In the middle of a vector register, and after the last whole one. */
const lengths = [1, 3, 8, 37]

const softplusOf = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))

describe('functions of one number', () => {
  const x = [
    inf,
    -inf,
    nan,
    0,
    1e-20,
    -1e-20,
    1e-7,
    -1e-7,
    -1e-4,
    0.5,
    -0.5,
    3,
    -3,
    -10,
    20,
    -20,
    -80,
    88,
    1e30,
    -1e30,
  ]
  const functions: readonly (readonly [string, (x: Tensor) => Tensor, (x: number) => number])[] = [
    ['log1p', log1p, Math.log1p],
    ['expm1', expm1, Math.expm1],
    ['tanh', tanh, Math.tanh],
    ['sigmoid', sigmoid, (v) => 1 / (1 + Math.exp(-v))],
    ['softplus', softplus, softplusOf],
    ['logSigmoid', logSigmoid, (v) => -softplusOf(-v)],
    ['elu', elu, (v) => (v > 0 ? v : Math.expm1(v))],
    ['selu', selu, (v) => (v > 0 ? 1.0507009873554805 * v : 1.7580993408473768 * Math.expm1(v))],
    ['relu', relu, (v) => (v > 0 || Number.isNaN(v) ? v : 0)],
    ['clip', (v) => clip(v, -1, 2), (v) => (Number.isNaN(v) ? v : Math.min(Math.max(v, -1), 2))],
  ]
  test.each(functions)('%s keeps its digits, infinities and NaN', async (_, f, truth) => {
    expectNear(await compiled(f, tensor(x)), x.map((v) => Math.fround(truth(Math.fround(v))))) // biome-ignore format: one list
  })
})

test('the logarithm of a sigmoid, and a product with it, have their digits', async () => {
  // log1p(e^20) and 1/(1 + e^20)
  expectNear(await compiled((x) => log(sigmoid(x!)), tensor([-20])), [-20.0000000020612])
  expectNear(await compiled((x) => mul(2, sigmoid(x!)), tensor([-20])), [4.12230723638e-9])
})

test('x σ(x) and x Φ(x) are right to the rounding of x', async () => {
  // by mpmath
  const x = [-20, -17.3, -10, -5, -2, -0.5, 0.5, 5]
  const silus = [
    -4.12230723638e-8, -5.30581209089e-7, -4.53978687024e-4, -3.34642546214e-2, -0.238405844044,
    -0.188770334399, 0.311229665601, 4.96653574538,
  ]
  const gelus = [
    -5.50724823721e-88, -4.06891761725e-66, -7.61985302416e-23, -1.4332578594e-6, -4.55002638964e-2,
    -0.154268769363, 0.345731230637, 4.99999856674,
  ]
  for (const [f, wanted] of [
    [silu, silus],
    [gelu, gelus],
  ] as const) {
    const got = await compiled((y) => f(y!), tensor(x))
    for (const [i, value] of wanted.entries())
      expect(Math.abs(got[i]! - value), `at ${x[i]}`).toBeLessThan(1.2e-7 * Math.max(1, Math.abs(x[i]!)))
  }
})

describe('functions of two numbers', () => {
  /** The remainders of the float32 numbers, from integers; those of 2π from its float32 value, 13176795 · 2⁻²¹. */
  const remainders = [
    [1e9, 7, 6],
    [-1e9, 7, 1],
    [1e9, -7, -1],
    [16777213, 2, 1],
    [1e7, 2 * Math.PI, Number((10000000n << 21n) % 13176795n) / 2 ** 21],
    [7.5, -2, -0.5],
    [-7.5, 2, 0.5],
    [5, inf, 5],
    [-5, inf, inf],
    [5, -inf, -inf],
    [-6, 3, 0],
    [inf, 3, nan],
    [5, 0, nan],
    [nan, 3, nan],
  ] as const
  test('mod rounds no quotient', async () => {
    const columns = [0, 1].map((i) => tensor(remainders.map((row) => row[i]!)))
    const wanted = remainders.map(([, , value]) => value)
    expectNear(await compiled((a, b) => mod(a!, b!), ...columns), wanted, 0)
  })

  test('atan2 tells quadrants apart by the signs of zeros and infinities', async () => {
    const numbers = [0, -0, 1, -1, inf, -inf, nan, 1e-30, -1e30]
    const pairs = numbers.flatMap((y) => numbers.map((x) => [y, x] as const))
    const columns = [0, 1].map((i) => tensor(pairs.map((pair) => pair[i]!)))
    const got = await compiled((y, x) => reciprocal(atan2(y!, x!)), ...columns)
    expectNear(got, pairs.map(([y, x]) => 1 / Math.atan2(y, x))) // biome-ignore format: one list
  })

  test('maximum and minimum have NaN for either operand', async () => {
    const [a, b] = [tensor([nan, 1, nan, inf, -inf]), tensor([1, nan, nan, 1, 1])]
    expect(await compiled((x, y) => maximum(x!, y!), a, b)).toEqual([nan, nan, nan, inf, 1])
    expect(await compiled((x, y) => minimum(x!, y!), a, b)).toEqual([nan, nan, nan, 1, -inf])
  })
})

describe('extremes', () => {
  test.each(lengths)('of %i numbers have NaN wherever it stands', async (length) => {
    const rows = Array.from({ length }, (_, at) => Array.from({ length }, (_, i) => (i === at ? nan : i % 5)))
    const places = rows.map((_, at) => at)
    const x = tensor(rows)
    for (const axis of [0, 1]) {
      expect(await compiled((y) => max(y!, axis), x)).toEqual(places.map(() => nan))
      expect(await compiled((y) => min(y!, axis), x)).toEqual(places.map(() => nan))
      expect(await compiled((y) => argMax(y!, axis), x)).toEqual(places)
      expect(await compiled((y) => argMin(y!, axis), x)).toEqual(places)
    }
    expect(await compiled((y) => max(y!), x)).toEqual([nan])
    expect(await compiled((y) => min(y!), x)).toEqual([nan])
  })

  test('of infinities are infinities; the first of equal ones counts', async () => {
    const x = tensor([[-inf, -inf, -inf], [inf, 1, inf], [-inf, inf, 0]]) // biome-ignore format: rows
    expect(await compiled((y) => max(y!, 1), x)).toEqual([-inf, inf, inf])
    expect(await compiled((y) => min(y!, 1), x)).toEqual([-inf, 1, -inf])
    expect(await compiled((y) => argMax(y!, 1), x)).toEqual([0, 0, 1])
    expect(await compiled((y) => argMin(y!, 1), x)).toEqual([0, 1, 0])
  })
})

describe('images', () => {
  /** Images of the given channels, all 1 but for one value at (1, 1) of the first channel. */
  const imageWith = (value: number, size: number, channels: number): Tensor =>
    tensor(
      Float32Array.from({ length: size ** 2 * channels }, (_, i) =>
        i === (size + 1) * channels ? value : 1,
      ),
      [1, size, size, channels],
    )
  const affected = (values: readonly number[]): number =>
    values.filter((value) => value !== values.at(-1)).length

  test.each([1, 8, 16])(
    '%i channels: pools have the NaN and the infinities of their windows',
    async (channels) => {
      for (const value of [nan, inf]) {
        const pooled = await compiled(
          (x) => maxPool2d(x!, 3, { stride: 1, padding: 'same' }),
          imageWith(value, 6, channels),
        )
        expect(pooled.filter((one) => Object.is(one, value)).length).toBe(9)
        expect(pooled.filter((one) => one === 1).length).toBe(36 * channels - 9)
      }
      const lowest = await compiled((x) => maxPool2d(x!, 2), full([1, 4, 4, channels], -inf))
      expect(new Set(lowest)).toEqual(new Set([-inf]))
    },
  )

  test.each([nan, inf])('a pixel %d is taken along by those alone that it has a weight in', async (value) => {
    const x = imageWith(value, 4, 2)
    expect(affected(await compiled((y) => resizeNearest(y!, [8, 8]), x))).toBe(4)
    expect(affected(await compiled((y) => resizeNearest(y!, [7, 3]), x))).toBe(2)
    expect(affected(await compiled((y) => resizeBilinear(y!, [4, 4]), x))).toBe(1)
    expect(affected(await compiled((y) => resizeBilinear(y!, [12, 12]), x))).toBe(25)
    const filter = ones([2, 2, 2, 3])
    expect(affected(await compiled((y) => conv2d(y!, filter, { stride: 2, padding: 'valid' }), x))).toBe(3)
    const up = (y: Tensor): Tensor => conv2dTranspose(y, ones([2, 2, 3, 2]), [8, 8], { stride: 2 })
    expect(affected(await compiled((y) => up(y!), x))).toBe(12)
  })

  test('nearest neighbours are those of whole numbers at every ratio', async () => {
    for (let from = 1; from <= 30; from++) {
      const row = tensor(Float32Array.from({ length: from }, (_, i) => i), [1, from, 1, 1]) // biome-ignore format: one row
      const sizes = [1, 7, 22, 30, 61, 2 * from, 3 * from]
      const call = compile((x: Tensor) => sizes.map((to) => resizeNearest(x, [to, 1])), { executor })
      const results = await call(row)
      for (const [k, to] of sizes.entries()) {
        const wanted = Array.from({ length: to }, (_, i) => Number((BigInt(i) * BigInt(from)) / BigInt(to)))
        expect([...(await results[k]!.data())], `${from} to ${to}`).toEqual(wanted)
      }
      await call.dispose()
    }
  })
})

describe('values and places', () => {
  test('indices out of range have rows of zeros', async () => {
    const indices = tensor([-1, 0, 2, 3, 100, -3], [6], 'int32')
    const wanted = [0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    expect(await compiled((x) => oneHot(x!, 3), indices)).toEqual(wanted)
  })

  test('pads by any number, zeros with their sign', async () => {
    for (const value of [nan, inf, -inf, 0, -0]) {
      const padded = (x: Tensor): Tensor => reciprocal(pad(x, [[0, 1], [1, 0]], value)) // biome-ignore format: pairs
      const edge = 1 / value
      const wanted = [edge, 1, 0.5, edge, edge, edge]
      expect(await compiled((x) => padded(x!), tensor([[1, 2]]))).toEqual(wanted)
    }
  })

  test('0 and −0, and infinities of either sign, are numbers of their own', async () => {
    const x = tensor([[1], [2]])
    const limited = (y: Tensor): Tensor => maximum(minimum(y, full([2, 1], inf)), full([2, 1], -inf))
    expect(await compiled((y) => limited(y!), x)).toEqual([1, 2])
    const parted = (y: Tensor): Tensor => div(div(y, full([2, 2], 0)), div(y, full([2, 2], -0)))
    expect(await compiled((y) => parted(y!), x)).toEqual([nan, nan, nan, nan])
    expect(await compiled((y) => div(y!, tensor([0, -0])), x)).toEqual([inf, -inf, inf, -inf])
  })

  test('the gradient of softplus is that of either end at infinities', async () => {
    const slope = grad((x: Tensor) => sum(softplus(x)))
    expect(await compiled((x) => slope(x!), tensor([inf, -inf, nan]))).toEqual([1, 0, nan])
  })
})
