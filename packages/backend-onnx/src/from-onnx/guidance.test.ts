import { mul, reshape, tensor, tidy } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import type { OnnxInputs } from './feeds'
import { guided } from './guidance'

const x = tensor([
  [1, -3],
  [0.5, 2],
])
const t = tensor([1, 2])

describe('guided', () => {
  it('brings the deviation of each row back to that of the conditional prediction', async () => {
    let calls = 0
    // x by a factor a row: 1 without the condition, 2 with it
    const model = async (at: typeof x, _: typeof t, { factor }: OnnxInputs) => {
      calls++
      return tidy(() => mul(at, reshape(factor as typeof x, [-1, 1])))
    }
    const options = {
      conditional: { factor: tensor([2]) },
      unconditional: { factor: tensor([1, 1]) },
      scale: 3,
    }
    for (const [rescale, factor] of [
      [0, 4],
      [1, 2],
      [0.5, 3],
    ] as const) {
      // biome-ignore format: φ and what comes of 1 + 3 (2 − 1)
      const y = await expectNoLeaks(() => guided(model, { ...options, rescale })(x, t))
      const got = Array.from(await y.data())
      expect(got).toEqual([1, -3, 0.5, 2].map((v) => expect.closeTo(factor * v, 5)))
    }
    expect(calls).toBe(3)
  })
})
