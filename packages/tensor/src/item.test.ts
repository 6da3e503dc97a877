import { describe, expect, it } from 'vitest'
import { item, mean, tensor } from './index'

describe('item', () => {
  it('is the one value of a tensor of any rank', async () => {
    expect(await item(mean(tensor([1, 2, 6])))).toBe(3)
    expect(await item(tensor([7], [1, 1], 'int32'))).toBe(7)
  })

  it('refuses other sizes', async () => {
    await expect(item(tensor([1, 2]))).rejects.toThrow(
      'item: expected a tensor of one element, got shape [2]',
    )
  })
})
