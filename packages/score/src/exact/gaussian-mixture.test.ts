import type { LinearSDE } from '@sgm/sde'
import { exp, grad, key, memory, mul, reshape, sqrt, sub, tensor } from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { gaussian } from './gaussian'
import { gaussianMixture } from './gaussian-mixture'
import { mixturePosterior } from './posterior'
import { eigenbasis, matrixFunction } from './symmetric'

/** Any smooth alpha and sigma will do here: alpha = e⁻ᵗ, sigma² = 3(1 − e⁻ᵗ). */
const process = {
  marginal: (t: number) => ({ alpha: Math.exp(-t), sigma: Math.sqrt(3 * (1 - Math.exp(-t))) }),
  marginalAt: (t) => {
    const alpha = exp(mul(t, -1))
    return { alpha, sigma: sqrt(mul(sub(1, alpha), 3)) }
  },
} as LinearSDE

const weights = [0.3, 0.5, 0.2]
const means = [
  [-2, 1],
  [3, 0],
  [0, -4],
]
const covariances = [
  [
    [1, 0.8],
    [0.8, 1],
  ],
  [
    [0.5, -0.2],
    [-0.2, 2],
  ],
  [
    [0.04, 0],
    [0, 0.09],
  ],
]
const target = gaussianMixture({ weights, means, covariances })

/** The textbook formulas in float64, by a 2 × 2 inverse: an implementation that shares nothing with the library's. */
function reference(x: readonly number[], alpha: number, sigma: number) {
  const terms = weights.map((w, k) => {
    const [[a, b], [, c]] = covariances[k]!.map((row, i) =>
      row.map((v, j) => alpha ** 2 * v + (i === j ? sigma ** 2 : 0)),
    ) as [[number, number], [number, number]]
    const determinant = a * c - b * b
    const [u, v] = x.map((value, i) => value - alpha * means[k]![i]!) as [number, number]
    const pull = [(c * u - b * v) / determinant, (a * v - b * u) / determinant] as const
    const density = (w * Math.exp(-(u * pull[0] + v * pull[1]) / 2)) / (2 * Math.PI * Math.sqrt(determinant))
    return { density, pull }
  })
  const p = terms.reduce((s, { density }) => s + density, 0)
  return {
    logDensity: Math.log(p),
    score: [0, 1].map((i) => -terms.reduce((s, { density, pull }) => s + density * pull[i]!, 0) / p),
  }
}

const points = [
  [-2.3, 1.4],
  [0.5, 0.2],
  [0.1, -4.2],
  [4, -3],
]

/** Sums of a few float32 terms of magnitude m are right to about 1e-6 m. */
describe('gaussianMixture', () => {
  it('has the textbook log-density and score', async () => {
    const exact = points.map((x) => reference(x, 1, 0))
    await expectNear(
      await target.logDensity(tensor(points)).data(),
      exact.map((e) => e.logDensity),
    )
    await expectNear(
      await target.score(tensor(points)).data(),
      exact.flatMap((e) => e.score),
    )
  })

  it('has the textbook log-density and score at another time in every row', async () => {
    const times = [0, 0.2, 0.7, 3]
    const exact = points.map((x, i) => {
      const { alpha, sigma } = process.marginal(times[i]!)
      return reference(x, alpha, sigma)
    })
    const { logDensity, score } = target.diffused(process)
    await expectNear(
      await logDensity(tensor(points), tensor(times)).data(),
      exact.map((e) => e.logDensity),
    )
    await expectNear(
      await score(tensor(points), tensor(times)).data(),
      exact.flatMap((e) => e.score),
    )
  })

  it('agrees with itself by numbers, by tensors and as a noised mixture', async () => {
    const x = tensor(points)
    const level = process.marginal(0.4)
    const byNumber = await target.diffused(process).score(x, 0.4).data()
    await expectNear(
      await target
        .diffused(process)
        .score(x, tensor([0.4, 0.4, 0.4, 0.4]))
        .data(),
      [...byNumber],
    )
    await expectNear(await target.noised(level).score(x).data(), [...byNumber])
  })

  it('has a score that is the gradient of its log-density', async () => {
    const x = tensor(points)
    const t = tensor([0.1, 0.2, 0.7, 1])
    const { logDensity, score } = target.diffused(process)
    await expectNear(await grad((y) => logDensity(y, t))(x).data(), [...(await score(x, t).data())])
  })

  it('stays finite and points home from 1e4 standard deviations away', async () => {
    const [a, b] = await gaussianMixture()
      .score(tensor([[1e4, 1e4]]))
      .data()
    await expectNear([a!, b!], [5 - 1e4, 5 - 1e4])
  })

  it('takes rows of any shape', async () => {
    const flat = await target.score(tensor(points)).data()
    const image = target.score(reshape(tensor(points), [4, 2, 1]))
    expect(image.shape).toEqual([4, 2, 1])
    expect([...(await image.data())]).toEqual([...flat])
  })

  it('draws samples of its mean, covariance and weights', async () => {
    const n = 40_000
    const t = 0.3
    const { alpha, sigma } = process.marginal(t)
    const noised = target.noised({ alpha, sigma })
    const rows = Float64Array.from(await target.diffused(process).sample(key(1), n, t).data())
    const mean = [0, 1].map((i) => rows.filter((_, j) => j % 2 === i).reduce((s, v) => s + v, 0) / n)
    for (const i of [0, 1]) {
      const standardError = Math.sqrt(noised.covariance[i]![i]! / n)
      expect(Math.abs(mean[i]! - noised.mean[i]!)).toBeLessThan(4 * standardError)
      for (const j of [0, 1]) {
        let sum = 0
        for (let r = 0; r < n; r++) sum += (rows[2 * r + i]! - mean[i]!) * (rows[2 * r + j]! - mean[j]!)
        // The variance of a product of mean-zero numbers is at most the root of their fourth moments' product;
        // kurtosis of a mixture of comparable spread stays below 6.
        const bound = Math.sqrt((6 * noised.covariance[i]![i]! * noised.covariance[j]![j]!) / n)
        expect(Math.abs(sum / n - noised.covariance[i]![j]!)).toBeLessThan(4 * bound)
      }
    }
    const clean = await target.sample(key(2), n).data()
    const third = clean.filter((v, j) => j % 2 === 1 && v < -3).length / n
    // Component 2 lies wholly below −3 (3.3 standard deviations); of the others 0.0029 · 0.5 does.
    expect(Math.abs(third - 0.2014)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / n) + 2e-3)
  })

  it('draws row i by (key, i) alone', async () => {
    const few = await target.sample(key(3), 3).data()
    const many = await target.sample(key(3), 50).data()
    await expectNear(many.subarray(0, 6), [...few])
  })

  it('leaves no tensor behind but its result', () => {
    const x = tensor(points)
    const before = memory().tensors
    const results = [target.score(x), target.logDensity(x), target.sample(key(0), 5)]
    for (const t of [0.1, tensor([0.1])]) {
      const diffused = target.diffused(process)
      results.push(diffused.score(x, t), diffused.logDensity(x, t), diffused.sample(key(0), 5, t))
      if (typeof t !== 'number') results.push(t)
    }
    expect(memory().tensors - before).toBe(results.length)
  })

  it('refuses what is no mixture', () => {
    expect(() => gaussian().score(tensor([[1, 2, 3]]))).toThrow('gaussian: expected x of 2 numbers a row')
    expect(() => gaussianMixture({ weights: [1] })).toThrow(
      'gaussianMixture: expected 2 weights > 0, got [1]',
    )
    expect(() => gaussianMixture({ weights: [1, -1] })).toThrow('weights > 0')
    expect(() => gaussianMixture({ means: [] })).toThrow('means of one length')
    expect(() =>
      gaussian({
        covariance: [
          [1, 2],
          [2, 1],
        ],
      }),
    ).toThrow('without negative eigenvalues, got -')
    expect(() =>
      gaussian({
        covariance: [
          [1, 2],
          [0, 1],
        ],
      }),
    ).toThrow('a symmetric 2 x 2 covariance')
    expect(() => gaussian({ covariance: [1, 1, 1] })).toThrow('a symmetric 2 x 2 covariance')
    expect(() => gaussian().score(tensor([[1, 2, 3]]))).toThrow('x of 2 numbers a row, got shape [1, 3]')
  })

  it('has the moments of the article’s example by default', () => {
    const { mean, covariance } = gaussianMixture()
    expect(mean[0]).toBeCloseTo(3, 12)
    // Within 1, between ⅕ · ⅘ · 10² = 16.
    expect(covariance[0]![0]).toBeCloseTo(17, 12)
    expect(covariance[0]![1]).toBeCloseTo(16, 12)
  })
})

describe('mixturePosterior', () => {
  const measurement = { matrix: [[1, 0.5]], observation: [0.7], noiseCovariance: 0.3 }

  it('is prior times likelihood up to a constant', async () => {
    const posterior = mixturePosterior(target, measurement)
    const gap = await Promise.all(
      points.map(async (x) => {
        const residual = 0.7 - x[0]! - 0.5 * x[1]!
        const [logPosterior] = await posterior.logDensity(tensor([x])).data()
        return logPosterior! - reference(x, 1, 0).logDensity + residual ** 2 / (2 * 0.3)
      }),
    )
    for (const value of gap) expect(Math.abs(value - gap[0]!)).toBeLessThan(1e-4)
    // The constant is −ln p(y), y being a mixture of scalar Gaussians.
    const evidence = weights.reduce((s, w, k) => {
      const c = covariances[k]!
      const variance = c[0]![0]! + c[0]![1]! + 0.25 * c[1]![1]! + 0.3
      const mean = means[k]![0]! + 0.5 * means[k]![1]!
      return s + (w * Math.exp(-((0.7 - mean) ** 2) / (2 * variance))) / Math.sqrt(2 * Math.PI * variance)
    }, 0)
    const normaliser = Math.log(2 * Math.PI * 0.3) / 2
    expect(Math.abs(gap[0]! + Math.log(evidence) + normaliser)).toBeLessThan(1e-4)
  })

  it('of a Gaussian is the information form: covariance (Σ⁻¹ + AᵀA/r)⁻¹', () => {
    const covariance = [
      [2, 0.6],
      [0.6, 1],
    ]
    const posterior = mixturePosterior(gaussian({ mean: [1, -1], covariance }), measurement)
    const a = [1, 0.5]
    const information = matrixFunction(eigenbasis(covariance), (v) => 1 / v).map((row, i) =>
      row.map((v, j) => v + (a[i]! * a[j]!) / 0.3),
    )
    const exact = matrixFunction(eigenbasis(information), (v) => 1 / v)
    for (const i of [0, 1]) {
      for (const j of [0, 1]) expect(posterior.covariance[i]![j]).toBeCloseTo(exact[i]![j]!, 12)
    }
  })

  it('refuses a measurement that does not fit', () => {
    expect(() => mixturePosterior(target, { ...measurement, matrix: [[1]] })).toThrow(
      'mixturePosterior: expected 1 rows of 2 numbers, got 1 rows of 1',
    )
  })
})

describe('far away', () => {
  const even = gaussianMixture({ means: [[-1], [1]] })

  it('the score is that of the component that is left', async () => {
    // From 10²⁰ on, squares are no float32 numbers.
    const x = [1e10, 1e15, 1e20, -1e20, 1e30]
    const rows = tensor(x.map((v) => [v]))
    await expectNear(
      await even.score(rows).data(),
      x.map((v) => -v),
    )
    const wide = gaussianMixture({ means: [[-1], [1]], covariances: [1, 100] })
    await expectNear(
      await wide.score(rows).data(),
      x.map((v) => -v / 100),
    )
    const narrow = gaussianMixture({ means: [[0], [0]], covariances: [1e-30, 1] })
    await expectNear(await narrow.score(tensor([[1e20]])).data(), [-1e20])
  })

  it('the log-density is that of float32, and its gradient the score', async () => {
    const x = tensor([[1e10], [1e20]])
    // ln ½N(x; 1, 1) is −½(x − 1)² to seven digits; −½·10⁴⁰ is no float32 number.
    const [near, far] = await even.logDensity(x).data()
    expect(near! / -5e19).toBeCloseTo(1, 5)
    expect(far).toBe(Number.NEGATIVE_INFINITY)
    await expectNear(await grad((y) => even.logDensity(y))(x).data(), [-1e10, -1e20])
  })
})
