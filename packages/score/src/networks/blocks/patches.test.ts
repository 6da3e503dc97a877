import { tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { fromPatches, toPatches } from './patches'

describe('toPatches', () => {
  it('makes channels of the pixels of a square, row by row', async () => {
    const cut = { size: 4, channels: 1, patch: 2 }
    const x = tensor(
      Array.from({ length: 16 }, (_, i) => i),
      [1, 4, 4, 1],
    )
    const y = toPatches(x, cut)
    expect(y.shape).toEqual([1, 2, 2, 4])
    expect(Array.from(await y.data())).toEqual([0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15])
  })

  it('is undone by fromPatches', async () => {
    const cut = { size: 6, channels: 2, patch: 3 }
    const values = Array.from({ length: 2 * 6 * 6 * 2 }, (_, i) => i)
    const back = fromPatches(toPatches(tensor(values, [2, 6, 6, 2]), cut), cut)
    expect(back.shape).toEqual([2, 6, 6, 2])
    expect(Array.from(await back.data())).toEqual(values)
  })
})
