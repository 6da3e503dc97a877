import { gaussian, type ScoreFunction } from '@sgm/score'
import { geometricSigmas } from '@sgm/sde'
import { add, cast, equal, key, matMul, mul, reshape, tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import type { Loss } from '../types'
import { denoising } from './denoising'
import { multiLevelDenoising } from './multi-level-denoising'

const target = gaussian({
  mean: [1, -1],
  covariance: [
    [0.5, 0.2],
    [0.2, 0.3],
  ],
})

async function statistics(loss: Loss, score: ScoreFunction, n = 6000) {
  const x = target.sample(key(1), n)
  const values = Array.from(await loss.evaluate(score, x, loss.draw(key(2), [n, 2])).data())
  const mean = values.reduce((a, b) => a + b) / n
  const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / n
  return { mean, variance, error: Math.sqrt(variance / n) }
}

/** tr C⁻¹ of the target with noise, C = Σ + σ²I: E‖s‖² of its score. */
function information(sigma: number): number {
  const [[a, b], [, c]] = target.noised({ sigma }).covariance as [[number, number], [number, number]]
  return (a + c) / (a * c - b * b)
}

describe('denoising', () => {
  it('is ½‖σs(x + σz) + z‖²', async () => {
    const loss = denoising({ sigma: 0.5 })
    const draws = loss.draw(key(3), [1, 2])
    const [z1, z2] = await draws.noise!.data()
    const [value] = await loss.evaluate((y) => mul(y, -2), tensor([[1, 2]]), draws).data()
    const residual = [z1! - (1 + 0.5 * z1!), z2! - (2 + 0.5 * z2!)]
    expect(value).toBeCloseTo((residual[0]! ** 2 + residual[1]! ** 2) / 2, 5)
  })

  it.each([0.1, 1])('at the true score for σ = %s is ½(d − σ² tr C⁻¹)', async (sigma) => {
    const truth = target.noised({ sigma }).score
    const { mean, error } = await statistics(denoising({ sigma }), truth)
    expect(Math.abs(mean - (2 - sigma ** 2 * information(sigma)) / 2)).toBeLessThan(4 * error)
  })

  it('with the control variate has the same mean and, at small σ, a fraction of the variance', async () => {
    const score: ScoreFunction = (y) =>
      matMul(
        y,
        tensor([
          [-3, 0.5],
          [0.5, -2],
        ]),
      )
    for (const sigma of [0.01, 0.1]) {
      // E½‖σA(x + σz) + z‖² = ½(σ²E‖A(x + σz)‖² + 2σ² tr A + d); A is symmetric, A(1, −1) = (−3.5, 2.5).
      const a = [
        [-3, 0.5],
        [0.5, -2],
      ]
      const spread = target.noised({ sigma }).covariance
      const trace = a.flatMap((row, i) => row.flatMap((u, j) => a[i]!.map((v, k) => u * v * spread[j]![k]!)))
      const square = trace.reduce((s, v) => s + v, 3.5 ** 2 + 2.5 ** 2)
      const exact = (sigma ** 2 * square - 10 * sigma ** 2 + 2) / 2
      const plain = await statistics(denoising({ sigma }), score)
      const controlled = await statistics(denoising({ sigma, controlVariate: true }), score)
      expect(Math.abs(plain.mean - exact)).toBeLessThan(4 * plain.error)
      expect(Math.abs(controlled.mean - exact)).toBeLessThan(4 * controlled.error + 1e-6)
      // ½‖z‖² has variance d/2 whatever σ is; what is left is of order σ⁴.
      expect(controlled.variance / plain.variance).toBeLessThan(2000 * sigma ** 4)
    }
  })
})

describe('multiLevelDenoising', () => {
  it('draws every level equally often and tells the score its index', async () => {
    const n = 10_000
    const draws = multiLevelDenoising().draw(key(4), [n, 1])
    const ladder = geometricSigmas()
    const [times, sigmas] = [await draws.times!.data(), await draws.sigmas!.data()]
    const counts = ladder.map(() => 0)
    for (const [i, level] of times.entries()) {
      counts[level]!++
      expect(sigmas[i]).toBeCloseTo(ladder[level]!, 6)
    }
    // Binomial with p = 0.1.
    for (const count of counts) expect(Math.abs(count - n / 10)).toBeLessThan(4.5 * Math.sqrt(n * 0.09))
  })

  it('at the true scores is ½ mean(d − σᵢ² tr Cᵢ⁻¹), in any weighting', async () => {
    const sigmas = [1, 0.3, 0.1]
    const times = [3, 2, 1]
    // One-hot in t: the score of the level whose time it is.
    const truth: ScoreFunction = (x, t) =>
      sigmas
        .map((sigma, i) => {
          const chosen = cast(equal(t, times[i]!), 'float32')
          return mul(reshape(chosen, [-1, 1]), target.noised({ sigma }).score(x))
        })
        .reduce(add)
    const weighted = (weighting: (sigma: number) => number): number =>
      sigmas.reduce((s, sigma) => s + (weighting(sigma) * (2 / sigma ** 2 - information(sigma))) / 2, 0) / 3
    const plain = await statistics(multiLevelDenoising({ sigmas, times }), truth)
    expect(Math.abs(plain.mean - weighted((s) => s ** 2))).toBeLessThan(4 * plain.error)
    const cubic = await statistics(multiLevelDenoising({ sigmas, times, weighting: (s) => s ** 3 }), truth)
    expect(Math.abs(cubic.mean - weighted((s) => s ** 3))).toBeLessThan(4 * cubic.error)
  })

  it('refuses levels, times and weights that cannot be', () => {
    expect(() => multiLevelDenoising({ sigmas: [] })).toThrow(
      'multiLevelDenoising: expected sigmas > 0, got none',
    )
    expect(() => multiLevelDenoising({ sigmas: [1, 0] })).toThrow('sigmas > 0, got 0')
    expect(() => multiLevelDenoising({ sigmas: [1], times: [] })).toThrow('1 finite times')
    expect(() => multiLevelDenoising({ weighting: () => -1 })).toThrow('weights >= 0')
  })
})
