import { add, matMul, mul, square, sub, sumRows, tensor } from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { describe, it } from 'vitest'
import { energyScore } from './energy'
import { gaussianMixture } from './gaussian-mixture'

describe('energyScore', () => {
  const x = tensor([
    [1, -2],
    [0.5, 3],
  ])
  const t = tensor([0, 0])

  it('of a quadratic energy is −Ax, whatever constant is added', async () => {
    const a = tensor([
      [2, 0.5],
      [0.5, 1],
    ])
    const energy = (y: typeof x) => mul(sumRows(mul(y, matMul(y, a))), 0.5)
    const exact = [-1, 1.5, -2.5, -3.25]
    await expectNear(energyScore(energy)(x, t), exact)
    await expectNear(energyScore((y) => add(energy(y), 1234))(x, t), exact)
  })

  it('of −ln p is the score of p', async () => {
    const target = gaussianMixture()
    const score = energyScore((y) => mul(target.logDensity(y), -1))
    await expectNear(score(x, t), target.score(x))
  })

  it('may depend on the time of each row', async () => {
    const score = energyScore((y, s) => mul(sumRows(square(sub(y, 1))), s))
    await expectNear(score(x, tensor([1, 2])), [0, 6, 2, -8])
  })
})
