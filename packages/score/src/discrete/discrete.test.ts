import { ve, vp } from '@sgm/sde'
import { alignRows, mul, onesLike, tensor } from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { gaussianMixture } from '../exact/gaussian-mixture'
import type { ScoreFunction } from '../types'
import { ddpmFromScore, scoreFromDdpm } from './ddpm'
import { ncsnFromScore, scoreFromNcsn } from './ncsn'
import { timeScaled } from './time-scale'

/** A function whose value is the time, step or index it was called with. */
const echo: ScoreFunction = (x, t) => mul(onesLike(x), alignRows(t, x))

describe('scoreFromDdpm', () => {
  const process = vp()
  const x = tensor([[1], [1], [1]])

  it('calls the network at 999 t and divides by −σ', async () => {
    const times = [0.2, 0.5, 1]
    const exact = times.map((t) => (-999 * t) / process.marginal(t).sigma)
    await expectNear(scoreFromDdpm(echo, process)(x, tensor(times)), exact)
  })

  it('rounds to whole steps when asked', async () => {
    const exact = [200, 500, 999].map((step, i) => -step / process.marginal([0.2, 0.5, 1][i]!).sigma)
    await expectNear(scoreFromDdpm(echo, process, { round: true })(x, tensor([0.2, 0.5, 1])), exact)
  })

  it('with firstTime 1/1000 meets the noise levels of DDPM’s own schedule', () => {
    // β from 1e-4 to 0.02 in 1000 steps (Ho et al. 2020, section 4).
    let product = 1
    for (let i = 0; i < 1000; i++) {
      product *= 1 - (1e-4 + (i * (0.02 - 1e-4)) / 999)
      const alphaBar = process.marginal(1e-3 + (i * (1 - 1e-3)) / 999).alpha ** 2
      expect(Math.abs(alphaBar - product)).toBeLessThan(i === 0 ? 1e-5 : 1e-3)
    }
  })

  it('and ddpmFromScore undo each other', async () => {
    const score = gaussianMixture().diffused(process).score
    const options = { firstTime: 1e-3 }
    const back = scoreFromDdpm(ddpmFromScore(score, process, options), process, options)
    const y = tensor([
      [1, 2],
      [-0.5, 0.1],
    ])
    const t = tensor([0.3, 0.8])
    await expectNear(back(y, t), score(y, t), 1e-4)
    const [first] = await ddpmFromScore(echo, process)(tensor([[0]]), tensor([999])).data()
    expect(first).toBeCloseTo(-process.marginal(1).sigma, 5)
  })

  it('refuses impossible steps', () => {
    expect(() => scoreFromDdpm(echo, process, { steps: 1 })).toThrow('steps to be an integer >= 2, got 1')
    expect(() => ddpmFromScore(echo, process, { firstTime: 1 })).toThrow('firstTime in [0, 1), got 1')
  })
})

describe('scoreFromNcsn', () => {
  const process = ve({ sigmaMin: 0.01, sigmaMax: 1 })
  const sigmas = Array.from({ length: 10 }, (_, i) => 0.01 ** (i / 9))

  it('calls the network at the level nearest to σ(t), strongest noise first', async () => {
    const times = [1, 1 - 0.49 / 9, 1 - 0.51 / 9, 0.5 + 0.01, 0]
    const indices = scoreFromNcsn(echo, process, { sigmas })(tensor(times.map(() => [0])), tensor(times))
    await expectNear(indices, [0, 0, 1, 4, 9])
  })

  it('undoes ncsnFromScore at the levels', async () => {
    const score = gaussianMixture().diffused(process).score
    const back = scoreFromNcsn(ncsnFromScore(score, process, { sigmas }), process, { sigmas })
    const x = tensor([
      [4, 5],
      [-6, -4],
      [5, 5.5],
    ])
    const t = tensor([1, 5 / 9, 0])
    await expectNear(back(x, t), score(x, t), 1e-4)
  })

  it('finds the times of levels in any process', async () => {
    const other = vp()
    const levels = [10, 1, 0.1]
    const times = await ncsnFromScore(echo, other, { sigmas: levels })(
      tensor([[0], [0], [0]]),
      tensor([0, 1, 2]),
    ).data()
    for (const [i, level] of levels.entries()) {
      const { alpha, sigma } = other.marginal(times[i]!)
      expect(sigma / alpha / level).toBeCloseTo(1, 4)
    }
  })

  it('finds the time of a single level', async () => {
    const times = await ncsnFromScore(echo, vp(), { sigmas: [1] })(tensor([[0], [0]]), tensor([0, 0])).data()
    const { alpha, sigma } = vp().marginal(times[1]!)
    expect(sigma / alpha).toBeCloseTo(1, 4)
    expect(times[0]).toBe(times[1])
  })

  it('refuses levels that do not fall or are never reached', () => {
    expect(() => scoreFromNcsn(echo, process, { sigmas: [1, 2] })).toThrow('falling sigmas > 0')
    expect(() => ncsnFromScore(echo, process, { sigmas: [3, 1] })).toThrow(
      /^ncsnFromScore: expected levels in \[0.01.*, got 3$/,
    )
  })
})

describe('timeScaled', () => {
  it('gives the function 999 t', async () => {
    await expectNear(timeScaled(echo)(tensor([[0]]), tensor([0.5])), [499.5])
    expect(() => timeScaled(echo, 0)).toThrow('timeScaled: expected a finite factor other than 0, got 0')
  })
})
