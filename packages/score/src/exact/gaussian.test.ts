import { probabilityFlowDrift, subVp, ve, vp } from '@sgm/sde'
import { add, mul, type Tensor, tensor } from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { gaussian } from './gaussian'

const target = gaussian({
  mean: [1, -0.5],
  covariance: [
    [0.8, 0.3],
    [0.3, 0.4],
  ],
})
const x = tensor([
  [0.2, 1],
  [-1.5, 0.3],
])

describe('gaussian', () => {
  it.each([
    ['ve', ve({ sigmaMax: 5 })],
    ['vp', vp()],
    ['subVp', subVp()],
  ])('flows as the probability-flow ODE of %s', async (_, process) => {
    const { score } = target.diffused(process)
    const [t, s, n] = [0.4, 0.7, 100]
    const slope = (y: Tensor, time: number): Tensor => probabilityFlowDrift(process, y, time, score(y, time))
    let y = x
    for (let i = 0; i < n; i++) {
      const [time, h] = [t + ((s - t) * i) / n, (s - t) / n]
      const middle = add(y, mul(slope(y, time), h / 2))
      y = add(y, mul(slope(middle, time + h / 2), h))
    }
    // The midpoint rule is off by about h²/24 = 4e-7 times the third derivative of the path, below 1e2 here.
    await expectNear(target.flow(process, x, t, s), y, 1e-4)
  })

  it('flows back to where it came from, and nowhere in no time', async () => {
    const process = vp()
    await expectNear(target.flow(process, target.flow(process, x, 0.1, 0.8), 0.8, 0.1), x)
    await expectNear(target.flow(process, x, 0.3, 0.3), x)
  })

  it('is the standard normal by default', () => {
    expect(gaussian().mean).toEqual([0, 0])
    expect(gaussian().covariance).toEqual([
      [1, 0],
      [0, 1],
    ])
  })
})
