import { key, normal, type Tensor, tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { kernelNoise, kernelScore, perturb, transition } from './kernel'
import { ve } from './processes/ve'
import { vp } from './processes/vp'

const values = async (x: { data(): Promise<ArrayLike<number>> }): Promise<number[]> =>
  Array.from(await x.data())

describe('the perturbation kernel', () => {
  const process = vp()
  let x0: Tensor
  let z: Tensor
  beforeAll(() => {
    x0 = tensor([[[1, -2]], [[3, 4]]])
    z = tensor([[[0.5, 1]], [[-1, 2]]])
  })

  it('is α x₀ + σ z, at one time or one a row', async () => {
    const [a, b] = [process.marginal(0.25), process.marginal(0.75)]
    const one = await values(perturb(process, x0, 0.25, z))
    const rows = await values(perturb(process, x0, tensor([0.25, 0.75]), z))
    const wanted = (m: typeof a, x: number, n: number) => expect.closeTo(m.alpha * x + m.sigma * n, 5)
    expect(one).toEqual([wanted(a, 1, 0.5), wanted(a, -2, 1), wanted(a, 3, -1), wanted(a, 4, 2)])
    expect(rows).toEqual([wanted(a, 1, 0.5), wanted(a, -2, 1), wanted(b, 3, -1), wanted(b, 4, 2)])
  })

  it('has the score −z/σ, which is −(x_t − α x₀)/σ²', async () => {
    const { alpha, sigma } = process.marginal(0.25)
    const xt = await values(perturb(process, x0, 0.25, z))
    const x = await values(x0)
    const score = await values(kernelScore(process, 0.25, z))
    for (const [i, s] of score.entries()) expect(s).toBeCloseTo(-(xt[i]! - alpha * x[i]!) / sigma ** 2, 4)
    const rows = await values(kernelScore(process, tensor([0.25, 0.75]), z))
    expect(rows[2]).toBeCloseTo(1 / process.marginal(0.75).sigma, 5)
  })

  it('gives its noise back', async () => {
    const t = tensor([0.3, 0.9])
    const back = await values(kernelNoise(process, x0, t, perturb(process, x0, t, z)))
    for (const [i, n] of (await values(z)).entries()) expect(back[i]).toBeCloseTo(n, 5)
  })

  it('leaves nothing alive but its result', () => {
    const t = tensor([0.3, 0.9])
    expectNoLeaks(() => [
      perturb(process, x0, t, z),
      kernelScore(process, t, z),
      kernelNoise(process, x0, t, z),
    ])
  })
})

describe('transition', () => {
  it('composes: from r to s and on to t is from r to t', () => {
    for (const process of [vp(), ve(), ve({ variance: 'exact' })]) {
      const [first, second, whole] = [
        transition(process, 0.2, 0.5),
        transition(process, 0.5, 0.9),
        transition(process, 0.2, 0.9),
      ]
      expect(first.alpha * second.alpha).toBeCloseTo(whole.alpha, 13)
      expect(Math.hypot(second.alpha * first.sigma, second.sigma)).toBeCloseTo(whole.sigma, 12)
    }
  })

  it('is the one step of the SDE for a short one', () => {
    const [process, t, h] = [vp(), 0.4, 1e-6]
    const { alpha, sigma } = transition(process, t, t + h)
    expect((alpha - 1) / h).toBeCloseTo(process.drift(t), 4)
    expect(sigma ** 2 / h).toBeCloseTo(process.diffusion(t) ** 2, 4)
  })

  it('refuses to go back', () => {
    expect(() => transition(vp(), 0.5, 0.4)).toThrow('transition: expected s <= t, got s = 0.5 and t = 0.4')
  })
})

it('noise rows do not depend on the batch', async () => {
  const small = await values(perturb(ve(), normal(key(1), [2, 3]), 0.5, normal(key(2), [2, 3])))
  const large = await values(perturb(ve(), normal(key(1), [5, 3]), 0.5, normal(key(2), [5, 3])))
  expect(large.slice(0, 6)).toEqual(small)
})
