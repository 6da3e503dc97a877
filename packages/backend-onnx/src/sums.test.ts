import {
  avgPool2d,
  compile,
  conv2d,
  cumsum,
  depthwiseConv2d,
  full,
  gather,
  grad,
  matMul,
  max,
  mean,
  min,
  mul,
  ones,
  prod,
  slice,
  sum,
  type Tensor,
  tensor,
  zeros,
} from '@sgm/tensor'
import { expect, test } from 'vitest'
import { onnx } from './index'

const executors = {
  node: onnx({ threads: 1, runtime: 'node' }),
  web: onnx({ threads: 1, runtime: 'web' }),
} as const

const runtimes = ['node', 'web'] as const

async function compiled(fn: (x: Tensor) => Tensor, x: Tensor, executor = executors.node): Promise<number[]> {
  const call = compile(fn, { executor })
  const values = [...(await (await call(x)).data())]
  await call.dispose()
  return values
}

/** The largest error, relative to what all results should be. */
const errorOf = (got: readonly number[], wanted: number): number =>
  got.reduce((worst, value) => Math.max(worst, Math.abs(value - wanted) / wanted), 0)

const tenth = Math.fround(0.1)

test.each(runtimes)('sums and means of 2²⁵ numbers keep their digits, %s', async (runtime) => {
  const run = executors[runtime]
  const x = full([2 ** 25], 0.1)
  expect(errorOf(await compiled((y) => sum(y), x, run), tenth * 2 ** 25)).toBeLessThan(1e-6)
  x.dispose()
  for (const shape of [
    [2 ** 20, 3],
    [2 ** 16, 64],
    [3 * 10007, 5],
    [10007, 3],
  ] as const) {
    // biome-ignore format: shapes
    const y = full(shape, 0.1)
    expect(errorOf(await compiled((z) => sum(z, 0), y, run), tenth * shape[0])).toBeLessThan(1e-6)
    expect(errorOf(await compiled((z) => mean(z), y, run), tenth)).toBeLessThan(1e-6)
    y.dispose()
  }
})

/** Sums of many equal products that are no sums in the graph; right values count the terms. */
const others: readonly (readonly [string, () => Tensor, (x: Tensor) => Tensor, number])[] = [
  ['an inner product', () => full([1, 2 ** 20], 0.1), (x) => matMul(x, ones([2 ** 20, 1])), 2 ** 20],
  ['few products', () => full([2 ** 17, 3], 0.1), (x) => matMul(x, ones([2 ** 17, 2]), { transposeA: true }), 2 ** 17],
  ['the gradient of a row that many look up', () => full([1, 2], 7), (x) => slopes((y) => gather(y, zeros([2 ** 18], 'int32')), x), 2 ** 18],
  ['the gradient of a depthwise filter', () => full([3, 3, 2, 1], 7), (x) => centre(slopes((w) => depthwiseConv2d(ones([4, 128, 128, 2]), w), x)), 2 ** 16],
  ['the gradient of a filter for small images', () => full([3, 3, 2, 2], 7), (x) => centre(slopes((w) => conv2d(ones([2 ** 15, 2, 2, 2]), w), x)), 2 ** 17],
] // biome-ignore format: rows

const slopes = (f: (x: Tensor) => Tensor, x: Tensor): Tensor => grad((y: Tensor) => sum(mul(f(y), 0.1)))(x)

const centre = (filter: Tensor): Tensor => slice(filter, [1, 1, 0, 0], [1, 1, -1, -1])

test.each(runtimes.flatMap((runtime) => others.map((row) => [runtime, ...row] as const)))(
  '%s: %s keeps its digits',
  async (runtime, _, x, f, terms) => {
    expect(errorOf(await compiled(f, x(), executors[runtime]), tenth * terms)).toBeLessThan(1e-6)
  },
)

test.each(runtimes)('convolutions are as exact as the page on numbers says, %s', async (runtime) => {
  const conv = (y: Tensor): Tensor => conv2d(y, full([3, 3, 1024, 2], 0.7), { padding: 0 })
  const each = (y: Tensor): Tensor => depthwiseConv2d(y, full([200, 200, 1, 1], 0.7), { padding: 0 })
  const product = tenth * Math.fround(0.7)
  expect(
    errorOf(await compiled(conv, full([1, 3, 3, 1024], 0.1), executors[runtime]), product * 9216),
  ).toBeLessThan(3e-5)
  expect(
    errorOf(await compiled(each, full([1, 201, 201, 1], 0.1), executors[runtime]), product * 4e4),
  ).toBeLessThan(1e-4)
})

test('means over large windows that overlap', async () => {
  const x = full([1, 300, 300, 1], 0.1)
  const got = await compiled((y) => avgPool2d(y, 256, { stride: 16, padding: 'same' }), x)
  expect(errorOf(got, tenth)).toBeLessThan(5e-6)
  // 3×3 windows with the numbers 1…25, padding left out, need no blocks; 11×11 windows over them are all the same mean.
  const y = tensor(Float32Array.from({ length: 25 }, (_, i) => i + 1), [1, 5, 5, 1]) // biome-ignore format: one image
  expect(
    errorOf(await compiled((z) => avgPool2d(z, 11, { stride: 1, padding: 'same' }), y), 13),
  ).toBeLessThan(1e-6)
})

test.each([
  ['sum', sum],
  ['mean', mean],
  ['max', max],
  ['min', min],
  ['prod', prod],
] as const)('%s along no axes changes nothing', async (_, reduce) => {
  const x = tensor([[1, -2, 3, 4.5]])
  expect(await compiled((y) => reduce(y, []), x)).toEqual([1, -2, 3, 4.5])
})

/** Lengths that blocks divide, that none divides, and one longer than a row that is summed at once. */
const lengths = [96, 97, 499, 501, 4096, 10007, 3 * 10007]

test.each(lengths)('%i numbers are added up along any axis', async (length) => {
  for (const [shape, axes] of [
    [[length], [0]],
    [[length, 3], [0]],
    [[3, length], [1]],
    [[2, length, 3], [1]],
    [
      [2, length, 2, 3],
      [1, 3],
    ],
    [
      [length, 2, 3],
      [0, 2],
    ],
  ] as const) {
    const count = axes.reduce<number>((product, axis) => product * shape[axis]!, 1)
    const x = full(shape, 0.1)
    for (const keep of [false, true]) {
      expect(errorOf(await compiled((y) => sum(y, axes, keep), x), tenth * count)).toBeLessThan(1e-6)
      expect(errorOf(await compiled((y) => mean(y, axes, keep), x), tenth)).toBeLessThan(1e-6)
    }
  }
})

test('blocks add up what belongs together', async () => {
  const [rows, columns] = [1000, 7]
  const data = Int32Array.from({ length: rows * columns }, (_, i) => (i * 7919) % 1009)
  const x = tensor(Float32Array.from(data), [rows, columns])
  const down = Array.from({ length: columns }, (_, j) =>
    data.reduce((total, value, i) => total + (i % columns === j ? value : 0), 0),
  )
  const across = Array.from({ length: rows }, (_, i) =>
    data.subarray(i * columns, (i + 1) * columns).reduce((a, b) => a + b),
  )
  expect(await compiled((y) => sum(y, 0), x)).toEqual(down)
  expect(await compiled((y) => sum(y, 1), x)).toEqual(across)
  expect(await compiled((y) => sum(y), x)).toEqual([down.reduce((a, b) => a + b)])
})

test('a number that is not finite is one of its sum alone', async () => {
  const x = tensor(
    Float32Array.from({ length: 3000 }, (_, i) =>
      i === 1500 ? Number.NaN : i === 2 ? Number.POSITIVE_INFINITY : 1,
    ),
    [1000, 3],
  )
  expect(await compiled((y) => sum(y, 0), x)).toEqual([Number.NaN, 1000, Number.POSITIVE_INFINITY])
})

test('means over large windows are as exact', async () => {
  const x = full([1, 512, 512, 2], 0.1)
  expect(errorOf(await compiled((y) => avgPool2d(y, 256), x), tenth)).toBeLessThan(1e-6)
})

test('running sums keep their digits along any axis, and so do their gradients', async () => {
  for (const length of [96, 101, 4096, 10007]) {
    for (const axis of [0, 1]) {
      const x = full(axis === 0 ? [length, 2] : [2, length], 0.1)
      const at = (i: number): number => Math.floor(axis === 0 ? i / 2 : i % length)
      const sums = await compiled((y) => cumsum(y, axis), x)
      expect(Math.max(...sums.map((value, i) => Math.abs(value / (tenth * (at(i) + 1)) - 1)))).toBeLessThan(
        1e-6,
      )
      const slopes = await compiled(
        grad((y: Tensor) => sum(mul(cumsum(y, axis), 0.1))),
        x,
      )
      expect(
        Math.max(...slopes.map((value, i) => Math.abs(value / (tenth * (length - at(i))) - 1))),
      ).toBeLessThan(1e-6)
    }
  }
})

test('what is not finite enters the running sums from its place on', async () => {
  const x = tensor(Float32Array.from({ length: 300 }, (_, i) => (i === 150 ? Number.NaN : 1)))
  const wanted = Array.from({ length: 300 }, (_, i) => (i < 150 ? i + 1 : Number.NaN))
  expect(await compiled((y) => cumsum(y), x)).toEqual(wanted)
})
