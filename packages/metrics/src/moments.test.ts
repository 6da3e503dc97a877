import { tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { moments } from './moments'

describe('moments', () => {
  it('are the mean and the unbiased covariance, rows flattened', async () => {
    const x = tensor([1, 10, 2, 30, 6, 20], [3, 1, 2])
    const { mean, covariance } = await moments(x)
    expect(mean).toEqual([expect.closeTo(3, 12), expect.closeTo(20, 12)])
    // Deviations (−2, −10), (−1, 10), (3, 0): sums of products 14, 10 and 200, over n − 1 = 2.
    expect(covariance.flat()).toEqual([7, 5, 5, 100].map((v) => expect.closeTo(v, 12)))
  })

  it('need two finite rows', async () => {
    await expect(moments(tensor([[1, 2]]))).rejects.toThrow(
      'moments: expected x of shape [n >= 2, ...D], got [1, 2]',
    )
    await expect(moments(tensor([[1], [Number.NaN]]))).rejects.toThrow(
      'moments: expected x with finite values',
    )
  })
})
