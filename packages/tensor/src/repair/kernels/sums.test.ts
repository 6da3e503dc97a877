/// <reference path="../../../../../vitest.shared.ts" />

import { describe, expect, inject, test } from 'vitest'
import {
  add,
  avgPool2d,
  conv2d,
  cumsum,
  depthwiseConv2d,
  dotRows,
  full,
  gather,
  grad,
  linspace,
  logSumExp,
  matMul,
  mean,
  mul,
  ones,
  reshape,
  slice,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  tidy,
  transpose,
  zeros,
} from '../..'

/** The values of what `f` gives, whose temporaries are freed. */
async function valuesOf(f: () => Tensor): Promise<number[]> {
  const y = tidy(f as () => never) as Tensor
  const values = [...(await y.data())]
  y.dispose()
  return values
}

async function expectNear(f: () => Tensor, wanted: number, room = 1e-6): Promise<void> {
  const errors = (await valuesOf(f)).map((value) => Math.abs(value / wanted - 1))
  expect(errors.reduce((a, b) => Math.max(a, b))).toBeLessThan(room)
}

/** The float32 nearest to 0.1. */
const TENTH = Math.fround(0.1)

// A software GPU loses its context over tensors of this size, and with it every test that follows.
describe.runIf(['cpu', 'wasm'].includes(inject('backend')))('sums of many numbers', () => {
  test.each([3, 16, 17])('%i numbers may leave float32 on the way', async (length) => {
    const huge = Math.fround(3e38)
    const rows = tensor([
      Array.from({ length }, (_, i) => (i === length - 1 ? -huge : huge)),
      Array(length).fill(huge),
    ])
    expect(await valuesOf(() => mean(rows, 1))).toEqual([Math.fround((huge * (length - 2)) / length), huge])
    expect(await valuesOf(() => sum(slice(rows, [0, length - 3], [1, 3]), 1))).toEqual([huge])
  })

  test('2²⁵ ones are 2²⁵', async () => {
    expect(await valuesOf(() => sum(ones([2 ** 25])))).toEqual([2 ** 25])
  })

  test.each<[string, number[], number[] | number | undefined, number]>([
    ['all', [2 ** 22], undefined, 2 ** 22],
    ['of rows', [3, 2 ** 20], 1, 2 ** 20],
    ['of columns', [2 ** 20, 3], 0, 2 ** 20],
    ['of rows and columns', [64, 3, 2 ** 14], [0, 2], 2 ** 20],
    ['of columns and rows', [3, 2 ** 17, 2, 8], [1, 3], 2 ** 20],
    ['all but the channels', [8, 2 ** 9, 2 ** 8, 3], [0, 1, 2], 2 ** 20],
  ])('of a tenth: %s', async (_name, shape, axes, count) => {
    await expectNear(() => sum(full(shape, 0.1), axes), TENTH * count)
    await expectNear(() => mean(full(shape, 0.1), axes), TENTH)
  })

  test('of 1, …, n are n(n + 1)/2', async () => {
    const n = 2 ** 22
    await expectNear(() => sum(linspace(1, n, n)), (n * (n + 1)) / 2)
  })

  test('variances and norms', async () => {
    const n = 2 ** 22
    // Of n numbers evenly spaced in [0, 1]: (n + 1)/12(n − 1).
    const variance = (x: Tensor): Tensor => mean(square(sub(x, mean(x))))
    await expectNear(() => variance(linspace(0, 1, n)), (n + 1) / (12 * (n - 1)))
    await expectNear(() => sqrt(sum(square(full([n], 0.1)))), TENTH * Math.sqrt(n))
  })

  test('inner products', async () => {
    const n = 2 ** 21
    await expectNear(() => dotRows(full([2, n], 0.1), full([2, n], 0.7)), TENTH * Math.fround(0.7) * n)
  })

  test('logSumExp of equal numbers is one of them and ln n', async () => {
    await expectNear(() => logSumExp(full([2 ** 22], 0.1)), TENTH + 22 * Math.LN2)
    await expectNear(() => softmax(ones([1, 2 ** 20])), 2 ** -20)
  })

  test('running sums end at n times a tenth', async () => {
    const n = 2 ** 20
    await expectNear(() => slice(cumsum(full([n], 0.1)), [n - 1], [1]), TENTH * n)
    await expectNear(() => slice(cumsum(full([n, 2], 0.1), 0), [n - 1, 0], [1, 2]), TENTH * n)
  })

  test('of many slices in one segment', async () => {
    const n = 2 ** 20
    const at = zeros([n], 'int32')
    await expectNear(() => grad((x: Tensor) => sum(mul(gather(x, at), 0.1)))(tensor([[1, 2]])), TENTH * n)
  })

  test('means over large windows', async () => {
    await expectNear(() => avgPool2d(full([1, 512, 512, 2], 0.1), 512), TENTH)
    await expectNear(() => avgPool2d(full([1, 40, 40, 2], 0.1), 20, { stride: 10 }), TENTH)
  })

  test('the gradient of what was stretched', async () => {
    const n = 2 ** 20
    const loss = (bias: Tensor): Tensor => sum(mul(add(full([n, 2], 0.5), bias), 0.1))
    await expectNear(() => grad(loss)(tensor([[1, 2]])), TENTH * n)
  })
})

// A page of WebGL in software loses its context over products of millions.
describe.runIf(['cpu', 'wasm'].includes(inject('backend')))('matrix products with many terms', () => {
  test('of two vectors', async () => {
    const n = 2 ** 22
    await expectNear(() => matMul(full([1, n], 0.1), full([n, 1], 0.7)), TENTH * Math.fround(0.7) * n)
  })

  test.each<[string, number[], number[], boolean, boolean]>([
    ['plain', [8, 2 ** 16], [2 ** 16, 8], false, false],
    ['the first transposed', [2 ** 16, 8], [2 ** 16, 8], true, false],
    ['the second transposed', [8, 2 ** 16], [8, 2 ** 16], false, true],
    ['in batches', [2, 4, 2 ** 15], [2, 2 ** 15, 4], false, false],
    ['of a length no blocks fit', [4, 33333], [33333, 4], false, false],
  ])('%s', async (_name, a, b, transposeA, transposeB) => {
    const terms = a.at(transposeA ? -2 : -1)!
    const product = () => matMul(full(a, 0.1), full(b, 0.7), { transposeA, transposeB })
    await expectNear(product, TENTH * Math.fround(0.7) * terms, 3e-6)
  })

  test('have each its own rows and columns', async () => {
    // Entry (i, j) of ABᵀ with aₖᵢ = i + 1, bₖⱼ = j + 1 is n(i + 1)(j + 1), all sums exact.
    const n = 5000
    const rows = (x: number[]) => mul(ones([n, 1]), tensor([x]))
    const product = () => matMul(transpose(rows([1, 2, 3])), rows([1, 2, 3, 4]))
    const wanted = [1, 2, 3].flatMap((i) => [1, 2, 3, 4].map((j) => n * i * j))
    expect(await valuesOf(product)).toEqual(wanted)
    expect(await valuesOf(() => reshape(product(), [12]))).toEqual(wanted)
  })
})

describe.runIf(['cpu', 'wasm'].includes(inject('backend')))('convolutions with many terms', () => {
  test.each([
    [1, 2 ** 18],
    [3, 2 ** 14],
  ])('of filters %i wide, over %i channels', async (side, channels) => {
    const convolved = () =>
      conv2d(full([1, side, side, channels], 0.1), full([side, side, channels, 2], 0.7), { padding: 0 })
    await expectNear(
      convolved,
      TENTH * Math.fround(0.7) * side ** 2 * channels,
      inject('backend') === 'cpu' ? 1e-6 : 1e-5,
    )
  })

  // Row r of the image is r; a window has 50 rows of 2 columns and 30 channels, which makes 60 (50 first + 1225 steps).
  test.each([
    ['a stride', 54, { stride: 2 }, [73500, 79500, 85500]],
    ['a dilation', 101, { dilation: 2 }, [147000, 150000, 153000]],
  ])('have each its own window, with %s', async (_name, height, options, wanted) => {
    const rows = Float32Array.from({ length: height * 90 }, (_, i) => Math.floor(i / 90))
    const convolved = () =>
      conv2d(tensor(rows, [1, height, 3, 30]), ones([50, 2, 30, 1]), { padding: 0, ...options })
    expect(await valuesOf(convolved)).toEqual(wanted)
  })

  test('of channels by themselves', async () => {
    const room = inject('backend') === 'cpu' ? 1e-6 : 1e-4
    const image = mul(ones([1, 64, 64, 2]), tensor([0.1, 0.2]))
    const convolved = () => depthwiseConv2d(image, full([64, 64, 2, 2], 0.7), { padding: 0 })
    const term = Math.fround(0.7) * 4096
    const wanted = [TENTH, TENTH, 2 * TENTH, 2 * TENTH].map((pixel) => pixel * term)
    for (const [i, value] of (await valuesOf(convolved)).entries())
      expect(Math.abs(value / wanted[i]! - 1)).toBeLessThan(room)
  })
})
