import { describe, expect, it } from 'vitest'
import { tensor } from '..'
import { expectNear } from './near'

describe('expectNear', () => {
  it('takes what is within the tolerance of each value, and no more', async () => {
    await expectNear(tensor([1e3, 1]), [1e3 + 0.01, 1], 1e-4)
    await expect(expectNear([1e3, 1], [1e3, 1.01], 1e-4)).rejects.toThrow(
      'expected 1.01 at 1 of values, got 1',
    )
  })

  it('takes what is within the tolerance of the largest, where that is asked for', async () => {
    await expectNear([1e3, 1], [1e3, 1.01], 1e-4, 'largest')
    await expect(expectNear([1e3, 1], [1e3, 1.2], 1e-4, 'largest')).rejects.toThrow('expected 1.2 at 1')
  })

  it.each(['value', 'largest'] as const)(
    'wants NaN and infinities where they are, relative to %s',
    async (to) => {
      const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1]
      await expectNear(odd, odd, 0, to)
      for (const i of odd.keys()) {
        for (const other of odd.filter((_, j) => j !== i)) {
          await expect(expectNear(odd.with(i, other), odd, 1e-5, to)).rejects.toThrow(`at ${i} of values`)
        }
      }
    },
  )

  it('wants as many values, and of two tensors the same shape and dtype', async () => {
    await expect(expectNear([1], [1, 1])).rejects.toThrow('expected 2 values, got 1')
    await expect(expectNear(tensor([[1]]), tensor([1]))).rejects.toThrow(
      'expected float32 [1], got float32 [1,1]',
    )
    await expect(expectNear(tensor([1], [1], 'int32'), tensor([1]))).rejects.toThrow(
      'expected float32 [1], got int32',
    )
  })
})
