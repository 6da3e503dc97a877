import {
  avgPool2d,
  compile,
  cumsum,
  full,
  grad,
  max,
  mean,
  min,
  mul,
  ones,
  prod,
  sum,
  type Tensor,
  tensor,
} from '@sgm/tensor'
import { expect, test } from 'vitest'
import { onnx } from './index'

const executor = onnx({ threads: 1 })

async function compiled(fn: (x: Tensor) => Tensor, x: Tensor): Promise<number[]> {
  const call = compile(fn, { executor })
  const values = [...(await (await call(x)).data())]
  await call.dispose()
  return values
}

/** The largest error, relative to what all results should be. */
const errorOf = (got: readonly number[], wanted: number): number =>
  Math.max(...got.map((value) => Math.abs(value - wanted) / wanted))

const tenth = Math.fround(0.1)

test('sums and means of 2²⁵ numbers keep their digits', async () => {
  expect(await compiled((x) => sum(x), ones([2 ** 25]))).toEqual([2 ** 25])
  const x = full([2 ** 22], 0.1)
  expect(errorOf(await compiled((y) => mean(y), x), tenth)).toBeLessThan(1e-6)
  expect(errorOf(await compiled((y) => sum(y), x), tenth * 2 ** 22)).toBeLessThan(1e-6)
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
