import { ve, vp } from '@sgm/sde'
import { key, mul, normal, tensor } from '@sgm/tensor'
import { expectNear, expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { empirical } from './empirical'
import { gaussianMixture } from './gaussian-mixture'

describe('empirical', () => {
  it.each([
    [2, ve({ sigmaMax: 5 })],
    [2, vp()],
    [20, ve({ sigmaMax: 5 })],
    [20, vp()],
  ])('in %i dimensions is the mixture of point masses, noised', async (dims, process) => {
    const data = normal(key(1), [7, dims])
    const values = [...(await data.data())]
    const means = Array.from({ length: 7 }, (_, i) => values.slice(i * dims, (i + 1) * dims))
    const exact = gaussianMixture({ means, covariances: means.map(() => 0) }).diffused(process)
    const ideal = empirical(data, process)
    const x = mul(normal(key(2), [4, dims]), 1.5)
    const t = tensor([0.4, 0.6, 0.8, 1])
    await expectNear(ideal.score(x, t), exact.score(x, t), 1e-4)
    await expectNear(ideal.logDensity(x, t), exact.logDensity(x, t), 1e-4)
  })

  it('denoises to the nearest point when the noise is small', async () => {
    const data = tensor([
      [0, 0],
      [3, 4],
    ])
    const { denoiser } = empirical(data, ve({ sigmaMin: 0.01 }))
    await expectNear(denoiser(tensor([[2.9, 4.1]]), tensor([0])), [3, 4])
  })

  it('takes rows of any shape and leaves nothing behind', async () => {
    const data = normal(key(3), [5, 2, 3, 1])
    const { score } = empirical(data, vp())
    const x = normal(key(4), [2, 2, 3, 1])
    const t = tensor([0.5, 0.5])
    expect(expectNoLeaks(() => score(x, t)).shape).toEqual([2, 2, 3, 1])
  })

  it('is pulled to the data from as far as float32 goes', async () => {
    const { denoiser, score } = empirical(tensor([[-1], [3]]), ve({ sigmaMin: 1 }))
    const x = tensor([[1e5], [1e20], [-1e20]])
    const t = tensor([0, 0, 0])
    const [right, ...far] = await denoiser(x, t).data()
    expect(right).toBe(3)
    // Beyond 10⁸ float32 knows one distance to all points: any mean of them is as good.
    for (const mean of far) expect(Math.abs(mean - 1)).toBeLessThanOrEqual(2)
    await expectNear(score(x, t), [3 - 1e5, -1e20, 1e20])
  })

  it('refuses no data', () => {
    expect(() => empirical(tensor([1, 2]), vp())).toThrow(
      'empirical: expected data of shape [N, ...D], N >= 1, got [2]',
    )
  })
})
