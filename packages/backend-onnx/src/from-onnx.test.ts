import { readFileSync } from 'node:fs'
import { key, mul, normal, type Tensor, tanh, tensor, uniform, zeros } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, test } from 'vitest'
import { fromOnnx, toOnnx } from './index'

const model = readFileSync(new URL('../fixtures/gaussian-score.onnx', import.meta.url))

describe('fromOnnx', () => {
  test('computes the score that a model from elsewhere holds, at any batch size', async () => {
    const score = await fromOnnx(model, { x: 'sample', t: 'time', threads: 1 })
    for (const batch of [1, 6]) {
      const x = normal(key(0), [batch, 2])
      const t = uniform(key(1), [batch])
      const y = await expectNoLeaks(async () => score(x, t))
      expect(y.shape).toEqual([batch, 2])
      const [xs, ts, ys] = [await x.data(), await t.data(), await y.data()]
      ys.forEach((value, i) => {
        const variance = 0.25 + (0.01 * 1000 ** ts[i >> 1]!) ** 2
        // Float32 rounding of six operators, the exponential's argument up to 14.
        expect(Math.abs(value - ([1, -2][i % 2]! - xs[i]!) / variance)).toBeLessThan(3e-5)
      })
    }
    await score.dispose()
  })

  test('reads what toOnnx writes', async () => {
    const fn = (x: Tensor): Tensor => tanh(mul(x, 2))
    const score = await fromOnnx(await toOnnx(fn, [zeros([1, 3])]))
    const x = normal(key(2), [4, 3])
    const [got, wanted] = [await (await score(x, zeros([4]))).data(), await fn(x).data()]
    got.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 5)
    })
    await score.dispose()
  })

  test('says what does not fit', async () => {
    await expect(fromOnnx(new Uint8Array([1, 2, 3]))).rejects.toThrow(
      /^fromOnnx: expected a model that ONNX Runtime can run/,
    )
    await expect(fromOnnx(model, { x: 'y' })).rejects.toThrow(
      'fromOnnx: expected x: an input of the model (sample, time), got y',
    )
    await expect(fromOnnx(model, { x: 'time', t: 'time' })).rejects.toThrow(
      'fromOnnx: expected no inputs beside x and t, got sample',
    )
    const three = await toOnnx((x: Tensor, t: Tensor) => mul(x, t), [zeros([2, 1, 1]), zeros([2, 1, 1])])
    await expect(fromOnnx(three)).rejects.toThrow(
      'fromOnnx: expected a time input of rank 1 or 2, got rank 3',
    )
    await expect(fromOnnx(model, { threads: 0 })).rejects.toThrow(
      'fromOnnx: expected threads to be an integer >= 1, got 0',
    )
    const score = await fromOnnx(model)
    await expect(score(tensor([[1, 2]]), zeros([2]))).rejects.toThrow(
      'fromOnnx: expected times of shape [1], got [2]',
    )
    await score.dispose()
  })
})
