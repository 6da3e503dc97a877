import { add, key, matMul, mul, normal, tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { frechetDistance, gaussianFrechetDistance } from './frechet-distance'

describe('gaussianFrechetDistance', () => {
  it('is the squared shift between equal covariances', () => {
    const covariance = [
      [2, 0.5],
      [0.5, 1],
    ]
    expect(gaussianFrechetDistance({ mean: [0, 0], covariance }, { mean: [3, 4], covariance })).toBeCloseTo(
      25,
      12,
    )
    expect(
      gaussianFrechetDistance({ mean: [1], covariance: [[0]] }, { mean: [1], covariance: [[4]] }),
    ).toBeCloseTo(4, 12)
  })

  it('is Σ(√λ − √κ)² between covariances of one eigenbasis', () => {
    const turned = (a: number, b: number) => [
      [(a + b) / 2, (a - b) / 2],
      [(a - b) / 2, (a + b) / 2],
    ]
    const found = gaussianFrechetDistance(
      { mean: [0, 0], covariance: turned(9, 1) },
      { mean: [0, 0], covariance: turned(4, 16) },
    )
    expect(found).toBeCloseTo((3 - 2) ** 2 + (1 - 4) ** 2, 12)
  })

  it('takes the right root of covariances that do not commute', () => {
    // For 2 × 2, tr √(Σ₁Σ₂) = √(tr Σ₁Σ₂ + 2√det Σ₁Σ₂).
    const [a, b] = [
      [
        [2, 1],
        [1, 3],
      ],
      [
        [4, -1],
        [-1, 1],
      ],
    ]
    const trace = 2 * 4 - 1 - 1 + 3
    const determinant = 5 * 3
    const found = gaussianFrechetDistance({ mean: [0, 0], covariance: a }, { mean: [0, 0], covariance: b })
    expect(found).toBeCloseTo(5 + 5 - 2 * Math.sqrt(trace + 2 * Math.sqrt(determinant)), 12)
  })

  it('checks its sizes', () => {
    const one = { mean: [0], covariance: [[1]] }
    expect(() => gaussianFrechetDistance(one, { mean: [0, 0], covariance: [[1]] })).toThrow(
      'gaussianFrechetDistance: expected moments of one size',
    )
  })
})

describe('frechetDistance', () => {
  it('is exact between a sample and its image: shifted, scaled, turned', async () => {
    const x = normal(key(1), [200, 3])
    const values = Array.from(await x.data())
    const trace = [0, 1, 2].reduce((sum, k) => {
      const column = values.filter((_, i) => i % 3 === k)
      const mean = column.reduce((a, b) => a + b, 0) / 200
      return sum + column.reduce((a, b) => a + (b - mean) ** 2, 0) / 199
    }, 0)
    const means = [0, 1, 2].map((k) => values.filter((_, i) => i % 3 === k).reduce((a, b) => a + b, 0) / 200)
    const norm = means.reduce((sum, m) => sum + m * m, 0)
    // Rounding of the float32 values, 6e-8 each, on distances of some units.
    expect(await frechetDistance(x, x)).toBeLessThan(1e-9)
    expect(await frechetDistance(x, add(x, tensor([[1, 2, 2]])))).toBeCloseTo(9, 5)
    expect(await frechetDistance(x, mul(x, 3))).toBeCloseTo(4 * (trace + norm), 4)
    const cycle = tensor([
      [0, 1, 0],
      [0, 0, 1],
      [1, 0, 0],
    ])
    const [turnedOnce, shifted] = [matMul(x, cycle), add(x, 1)]
    const [p, q] = [
      await frechetDistance(x, shifted),
      await frechetDistance(turnedOnce, matMul(shifted, cycle)),
    ]
    expect(p).toBeCloseTo(q, 5)
  })

  it('refuses features that do not fit', async () => {
    await expect(frechetDistance(normal(key(0), [4, 2]), normal(key(0), [4, 3]))).rejects.toThrow(
      'frechetDistance: expected rows of one length, got 2 and 3',
    )
  })
})
