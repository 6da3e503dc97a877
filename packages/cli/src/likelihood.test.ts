import { onnx } from '@sgm/backend-onnx'
import { key, mul, normal } from '@sgm/tensor'
import { expect, it } from 'vitest'
import { loadBound } from './bound'
import type { Dataset } from './dataset'
import { describeMean, judge, loadDivergence, meanOf } from './likelihood'
import { exactModel } from './testing'

const variance = 0.3
const shape = [2, 2, 1]
const dataset: Dataset = {
  shape,
  length: 300,
  batches: () => () => normal(key(0), [1, ...shape]),
  take: async (start, count) => mul(normal(key(start + 1), [count, ...shape]), Math.sqrt(variance)),
}

it.each(['vp', 'subvp'])('finds the bits/dim of a Gaussian under %s, compiled, over batches', async (sde) => {
  const { config, model } = exactModel(sde, shape, variance)
  const loaded = loadDivergence(model, {}, onnx({ threads: 1 }))
  const bound = loadBound(model, {}, onnx({ threads: 1 }))!
  const judged = await judge(
    config,
    model,
    loaded,
    dataset,
    { count: 300, key: key(3), tolerance: 1e-5, bound, pool: 256 },
    {},
  )
  const values: number[] = []
  for (const [start, count] of [
    [0, 256],
    [256, 44],
  ] as const) {
    // biome-ignore format: batches
    const x = await (await dataset.take(start, count, key(3), { range: [-1, 1] })).data()
    for (let i = 0; i < count; i++) {
      const squares = Array.from(x.slice(4 * i, 4 * i + 4)).reduce((a, v) => a + v * v, 0)
      const nats = squares / (2 * variance) + 2 * Math.log(2 * Math.PI * variance)
      values.push(nats / (4 * Math.LN2) + 7)
    }
  }
  const exact = meanOf(values)
  expect(judged.mean).toBeCloseTo(exact.mean, 3)
  expect(judged.standardError).toBeCloseTo(exact.standardError!, 3)
  expect(judged.count).toBe(300)
  // The exact score meets its bound, but for the prior.
  const { mean, standardError } = judged.bound!
  expect(Math.abs(mean - exact.mean)).toBeLessThan(4 * standardError!)
  expect(standardError).toBeLessThan(0.15)
  await loaded.dispose()
  await bound.dispose()
})

it('of points counts nats', async () => {
  const { config, model } = exactModel('vp', shape, variance)
  const loaded = loadDivergence(model, {}, undefined)
  const judging = { count: 8, key: key(3), tolerance: 1e-3 }
  const bits = await judge(config, model, loaded, dataset, judging, {})
  const nats = await judge({ ...config, range: null }, model, loaded, dataset, judging, {})
  expect((bits.mean - 7) * 4 * Math.LN2).toBeCloseTo(nats.mean, 4)
})

it('gives the standard error of a mean', () => {
  expect(meanOf([1, 2, 3, 6])).toEqual({ mean: 3, standardError: Math.sqrt(14 / 3 / 4) })
  expect(describeMean(meanOf([1, 2, 3, 6]), 2)).toBe('3.00 ± 1.08')
})

it('claims no error for a mean of one, which has none to tell', () => {
  expect(meanOf([4])).toEqual({ mean: 4 })
  expect(describeMean(meanOf([4]), 2)).toBe('4.00')
})
