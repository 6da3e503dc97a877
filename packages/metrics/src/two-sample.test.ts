import { add, concat, foldIn, key, mul, normal, type Tensor, tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { c2st } from './c2st'
import { normalQuantile } from './chains'
import { energyDistance } from './energy-distance'
import { slicedWasserstein } from './sliced-wasserstein'
import { squaredMmd } from './squared-mmd'

const n = 1000

/** The quantiles of N(mean, 1) at the midpoints of n equal shares: integrals over it by the midpoint rule. */
const gaussian = (mean: number, count = n): Tensor =>
  tensor(
    Float32Array.from({ length: count }, (_, i) => mean + normalQuantile((i + 0.5) / count)),
    [count, 1],
  )

/** P(Z <= z), by the midpoint rule. */
function normalCdf(z: number): number {
  const steps = 4000
  let sum = 0
  for (let i = 0; i < steps; i++) {
    const u = ((i + 0.5) / steps) * z
    sum += Math.exp(-0.5 * u * u)
  }
  return 0.5 + (sum * z) / steps / Math.sqrt(2 * Math.PI)
}

/** Mean and standard error of independent estimates. */
async function repeated(times: number, estimate: (i: number) => Promise<number>): Promise<[number, number]> {
  const all: number[] = []
  for (let i = 0; i < times; i++) all.push(await estimate(i))
  const mean = all.reduce((a, b) => a + b, 0) / times
  const variance = all.reduce((a, b) => a + (b - mean) ** 2, 0) / (times - 1)
  return [mean, Math.sqrt(variance / times)]
}

const pair = (i: number, rows: number): [Tensor, Tensor] => [
  normal(foldIn(key(1), i), [rows, 2]),
  normal(foldIn(key(2), i), [rows, 2]),
]

describe('squaredMmd', () => {
  it.each([0.5, 1, 3])('is the closed form between N(0, 1) and N(1.5, 1), bandwidth %d', async (h) => {
    // E k over a difference N(m, 2) is h/√(h² + 2) exp(−m²/(2(h² + 2))).
    const k = (m: number) => (h / Math.sqrt(h * h + 2)) * Math.exp((-0.5 * m * m) / (h * h + 2))
    // Without the pairs of a row with itself, where k = 1, the mean within a sample is (n E k − 1)/(n − 1).
    const within = (n * k(0) - 1) / (n - 1)
    const found = await squaredMmd(gaussian(0), gaussian(1.5), { bandwidths: [h] })
    // The midpoint rule on n quantiles errs by less than 1/(2n) of each of the four terms, whose kernel is at most 1.
    expect(Math.abs(found - (2 * within - 2 * k(1.5)))).toBeLessThan(2 / n)
  })

  it('averages its kernels, by default around the median distance', async () => {
    const [x, y] = [gaussian(0, 50), gaussian(1, 50)]
    const one = await squaredMmd(x, y, { bandwidths: [0.5] })
    const other = await squaredMmd(x, y, { bandwidths: [2] })
    expect(await squaredMmd(x, y, { bandwidths: [0.5, 2] })).toBeCloseTo((one + other) / 2, 12)
    const scaled = await squaredMmd(mul(x, 100), mul(y, 100))
    expect(scaled).toBeCloseTo(await squaredMmd(x, y), 5)
  })

  it('is unbiased: 0 on the mean between samples of one distribution', async () => {
    const [mean, error] = await repeated(200, (i) => squaredMmd(...pair(i, 8), { bandwidths: [1] }))
    // Counting a row with itself would add 2(1 − E k)/8 = 0.17.
    expect(error).toBeLessThan(0.02)
    expect(Math.abs(mean)).toBeLessThan(4 * error)
  })
})

describe('energyDistance', () => {
  it.each([0.5, 1, 3])('is the closed form between N(0, 1) and N(%d, 1)', async (m) => {
    // |N(m, 2)| has the mean 2/√π e^{−m²/4} + m(2Φ(m/√2) − 1).
    const distance =
      (2 / Math.sqrt(Math.PI)) * Math.exp((-m * m) / 4) + m * (2 * normalCdf(m / Math.SQRT2) - 1)
    const within = ((2 / Math.sqrt(Math.PI)) * n) / (n - 1)
    const found = await energyDistance(gaussian(0), gaussian(m))
    // The outermost of n quantiles, of weight 1/n, stand for tails with a mean excess of 0.3: 2/n a term is ample.
    expect(Math.abs(found - 2 * (distance - within))).toBeLessThan(4 / n)
  })

  it('is unbiased: 0 on the mean between samples of one distribution', async () => {
    const [mean, error] = await repeated(200, (i) => energyDistance(...pair(i, 8)))
    expect(error).toBeLessThan(0.03)
    expect(Math.abs(mean)).toBeLessThan(4 * error)
  })
})

describe('slicedWasserstein', () => {
  it('is ‖m‖/√d between samples that differ by a shift m', async () => {
    const x = normal(key(3), [40, 3])
    const y = add(x, tensor([[3, 0, 4]]))
    const projections = 2000
    const found = await slicedWasserstein(x, y, { key: key(4), projections })
    // The mean of (θ·m)² is ‖m‖²/d with relative variance (3d/(d + 2) − 1)/projections; half of it in the root.
    const error = 0.5 * Math.sqrt((9 / 5 - 1) / projections)
    expect(Math.abs(found / (5 / Math.sqrt(3)) - 1)).toBeLessThan(4 * error)
  })

  it('is exact on the line, for any order and sizes', async () => {
    const options = { key: key(0), projections: 3 }
    // F⁻¹ and G⁻¹ differ by ½ on [1/3, 2/3].
    const [x, y] = [tensor([[1], [0]]), tensor([[0.5], [0], [1]])]
    expect(await slicedWasserstein(x, y, { ...options, order: 1 })).toBeCloseTo(1 / 6, 12)
    expect(await slicedWasserstein(x, y, options)).toBeCloseTo(Math.sqrt(1 / 12), 12)
    expect(await slicedWasserstein(y, x, options)).toBeCloseTo(Math.sqrt(1 / 12), 12)
    expect(await slicedWasserstein(x, concat([x, x]), options)).toBe(0)
  })

  it('is the difference of the scales of two Gaussians', async () => {
    // W₂ between N(0, 1) and N(0, 4) is 2 − 1; the midpoint quantiles hold all but a tail of 1/n of the variance 1.
    const found = await slicedWasserstein(gaussian(0), mul(gaussian(0), 2), { key: key(0), projections: 1 })
    expect(Math.abs(found - 1)).toBeLessThan(2 / n)
  })
})

describe('c2st', () => {
  const rows = 600
  const shifted = (m: number): [Tensor, Tensor] => [
    normal(key(5), [rows, 2]),
    add(normal(key(6), [rows, 2]), tensor([[m, 0]])),
  ]

  it('is ½ between samples of one distribution', async () => {
    const { accuracy, standardError } = await c2st(...shifted(0))
    expect(standardError).toBeCloseTo(0.5 / Math.sqrt(2 * rows), 14)
    expect(Math.abs(accuracy - 0.5)).toBeLessThan(4 * standardError)
  })

  it('nears the best accuracy Φ(m/2) between Gaussians m apart', async () => {
    for (const m of [1, 2, 4]) {
      const { accuracy, standardError } = await c2st(...shifted(m))
      const best = normalCdf(m / 2)
      expect(accuracy - best).toBeLessThan(4 * standardError)
      // A vote of 31 loses some accuracy: less than 0.02 here, on top of the sampling error.
      expect(best - accuracy).toBeLessThan(4 * standardError + 0.02)
    }
  })

  it('has the known accuracy of a single neighbour, E[η² + (1 − η)²]', async () => {
    const m = 2
    let wanted = 0
    for (let u = -8; u < 10; u += 0.01) {
      const [p, q] = [Math.exp(-0.5 * u * u), Math.exp(-0.5 * (u - m) ** 2)]
      const eta = p / (p + q)
      wanted += ((eta ** 2 + (1 - eta) ** 2) * (p + q) * 0.01) / (2 * Math.sqrt(2 * Math.PI))
    }
    const { accuracy, standardError } = await c2st(...shifted(m), { neighbours: 1 })
    expect(Math.abs(accuracy - wanted)).toBeLessThan(4 * standardError)
  })

  it('tells apart samples that do not overlap, always', async () => {
    expect(
      (await c2st(tensor([[0], [1], [2], [3], [4]]), tensor([[10], [11], [12], [13], [14], [15]]))).accuracy,
    ).toBe(1)
  })
})

describe('all', () => {
  it('leave nothing alive', async () => {
    const [x, y] = pair(0, 10)
    await expectNoLeaks(async () => {
      await squaredMmd(x, y)
      await energyDistance(x, y)
      await slicedWasserstein(x, y, { key: key(0) })
      await c2st(x, y)
    })
  })

  it('check what they get', async () => {
    const [x, y] = pair(0, 10)
    await expect(
      squaredMmd(
        x,
        tensor([
          [1, 2, 3],
          [4, 5, 6],
        ]),
      ),
    ).rejects.toThrow('squaredMmd: expected rows of one length, got 2 and 3')
    await expect(squaredMmd(x, y, { bandwidths: [0] })).rejects.toThrow(
      'squaredMmd: expected bandwidths > 0, got [0]',
    )
    await expect(energyDistance(tensor([[1, 2]]), y)).rejects.toThrow(
      'energyDistance: expected x of shape [n >= 2, ...D], got [1, 2]',
    )
    await expect(
      energyDistance(
        x,
        tensor([
          [Number.NaN, 1],
          [0, 1],
        ]),
      ),
    ).rejects.toThrow('y with finite values')
    await expect(slicedWasserstein(x, y, { key: key(0), projections: 0 })).rejects.toThrow(
      'projections to be an integer >= 1, got 0',
    )
    await expect(slicedWasserstein(x, y, { key: key(0), order: 0.5 })).rejects.toThrow('order >= 1, got 0.5')
    await expect(c2st(x, y, { folds: 1 })).rejects.toThrow(
      'c2st: expected folds to be an integer >= 2, got 1',
    )
    await expect(c2st(x, y, { neighbours: 2 })).rejects.toThrow(
      'c2st: expected neighbours to be an odd integer in [1, 16], got 2',
    )
  })
})
