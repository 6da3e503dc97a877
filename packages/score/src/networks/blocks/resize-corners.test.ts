import { tensor } from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { resizeCorners } from './resize-corners'

/** The plane 1 + 2i − 3j at every place, whose corners are those of a square of side 3. */
const plane = (size: number) =>
  Array.from({ length: size * size }, (_, n) => {
    const step = size === 1 ? 0 : 3 / (size - 1)
    return 1 + 2 * Math.floor(n / size) * step - 3 * (n % size) * step
  })

describe('resizeCorners', () => {
  it.each([2, 4, 5, 8, 1])('reproduces a plane at size %s', async (size) => {
    await expectNear(resizeCorners(tensor(plane(4), [1, 4, 4, 1]), size), plane(size))
  })

  it('interpolates between four pixels, each image and channel by itself', async () => {
    const x = tensor([1, 10, 2, 20, 3, 30, 5, 50, -1, 0, 0, 0, 0, 0, 0, 1], [2, 2, 2, 2])
    const y = await resizeCorners(x, 3).data()
    const middle = (b: number, c: number) => y[(b * 9 + 4) * 2 + c]
    expect([middle(0, 0), middle(0, 1), middle(1, 0), middle(1, 1)]).toEqual([2.75, 27.5, -0.25, 0.25])
  })

  it('leaves images of that size alone', () => {
    const x = tensor(plane(4), [1, 4, 4, 1])
    expect(resizeCorners(x, 4)).toBe(x)
  })
})
