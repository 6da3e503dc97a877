import { describe, expect, it } from 'vitest'
import { foldIn, key } from '.'
import { type Draw, hostValues } from './host-values'

// Bounds are five standard errors, which one right check in two million exceeds.
const N = 400_000

const normals = hostValues({ kind: 'normal', key: key(1), shape: [N / 4, 4] })

function mean(values: ArrayLike<number>, of = (value: number) => value): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += of(values[i]!)
  return sum / values.length
}

function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const [mx, my] = [mean(x), mean(y)]
  let [xx, yy, xy] = [0, 0, 0]
  for (let i = 0; i < x.length; i++) {
    xx += (x[i]! - mx) ** 2
    yy += (y[i]! - my) ** 2
    xy += (x[i]! - mx) * (y[i]! - my)
  }
  return xy / Math.sqrt(xx * yy)
}

function histogram(values: ArrayLike<number>, bins: number, bin = (value: number) => value): Float64Array {
  const counts = new Float64Array(bins)
  for (let i = 0; i < values.length; i++) counts[bin(values[i]!)]!++
  return counts
}

/** How many standard deviations χ² lies from its mean, the degrees of freedom. */
function excess(
  counts: Float64Array,
  chances: number[] = Array(counts.length).fill(1 / counts.length),
): number {
  const total = counts.reduce((a, b) => a + b)
  const freedom = chances.filter((chance) => chance > 0).length - 1
  let chi = 0
  for (const [i, chance] of chances.entries()) {
    if (chance > 0) chi += (counts[i]! - total * chance) ** 2 / (total * chance)
    else expect(counts[i]).toBe(0)
  }
  return (chi - freedom) / Math.sqrt(2 * freedom)
}

/** Φ(z), by its series (Marsaglia 2004, "Evaluating the normal distribution"). */
function normalCdf(z: number): number {
  if (Math.abs(z) > 7) return z > 0 ? 1 : 0
  let [term, sum] = [z, z]
  for (let i = 3; sum + term !== sum; i += 2) {
    term *= (z * z) / i
    sum += term
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)
}

describe('normals', () => {
  it('have the moments of N(0, 1)', () => {
    const moments: [number, number, number][] = [
      [1, 0, 1],
      [2, 1, 2],
      [3, 0, 15],
      [4, 3, 96],
      [6, 15, 10170],
    ]
    for (const [power, expectation, variance] of moments) {
      const error = Math.abs(mean(normals, (z) => z ** power) - expectation)
      expect(error).toBeLessThan(5 * Math.sqrt(variance / N))
    }
  })

  it('follow its distribution (Kolmogorov–Smirnov)', () => {
    const sorted = normals.slice().sort()
    let distance = 0
    for (let i = 0; i < N; i++) {
      const cdf = normalCdf(sorted[i]!)
      distance = Math.max(distance, cdf - i / N, (i + 1) / N - cdf)
    }
    // P(√n D > x) ≈ 2 exp(−2x²): 3·10⁻⁷ at 2.8.
    expect(Math.sqrt(N) * distance).toBeLessThan(2.8)
  })

  it('fill the tails', () => {
    for (const edge of [2, 3, 4]) {
      const wanted = N * (1 - normalCdf(edge))
      for (const sign of [-1, 1]) {
        const beyond = normals.filter((z: number) => sign * z > edge).length
        expect(Math.abs(beyond - wanted)).toBeLessThan(5 * Math.sqrt(wanted))
      }
    }
  })

  it('hardly ever repeat', () => {
    // float32 has 2²³ places in each [2ᵏ, 2ᵏ⁺¹): some 60 pairs of 10⁵ independent normals meet there.
    expect(new Set(normals.subarray(0, 100_000)).size).toBeGreaterThan(99_880)
  })

  it('do not depend on their neighbours, in value or in size', () => {
    for (const lag of [1, 2, 3, 4]) {
      for (const of of [(z: number) => z, (z: number) => z * z]) {
        const values = Float64Array.from(normals, of)
        expect(Math.abs(correlation(values.subarray(lag), values.subarray(0, N - lag)))).toBeLessThan(
          5 / Math.sqrt(N - lag),
        )
      }
    }
  })
})

describe('uniforms', () => {
  it('fill [0, 1) evenly', () => {
    const values = hostValues({ kind: 'uniform', key: key(2), shape: [N], low: 0, high: 1 })
    expect(Math.abs(excess(histogram(values, 1000, (u) => Math.floor(1000 * u))))).toBeLessThan(5)
    expect(Math.min(...values.subarray(0, 50_000))).toBeGreaterThan(0)
  })
})

describe('signs', () => {
  it('are balanced at every place of a block, and independent of the next', () => {
    const rows = 20_000
    const values = hostValues({ kind: 'rademacher', key: key(3), shape: [rows, 64] })
    const columns = Array.from({ length: 64 }, (_, i) =>
      Float32Array.from({ length: rows }, (_, row) => values[64 * row + i]!),
    )
    for (const [i, column] of columns.entries()) {
      expect(Math.abs(mean(column))).toBeLessThan(5 / Math.sqrt(rows))
      expect(Math.abs(correlation(column, columns[(i + 1) % 64]!))).toBeLessThan(5 / Math.sqrt(rows))
    }
    expect(new Set(values)).toEqual(new Set([-1, 1]))
  })
})

describe('choices', () => {
  it('are even among a count', () => {
    for (const among of [2, 7, 1000]) {
      const values = hostValues({ kind: 'choice', key: key(4), shape: [N / 4], among })
      expect(Math.abs(excess(histogram(values, among)))).toBeLessThan(5)
    }
  })

  it('follow weights', () => {
    const weights = [0, 3, 0, 0.5, 100, 7, 0]
    const values = hostValues({ kind: 'choice', key: key(5), shape: [N], among: weights })
    expect(
      excess(
        histogram(values, 7),
        weights.map((weight) => weight / 110.5),
      ),
    ).toBeLessThan(5)
  })
})

describe('permutations', () => {
  it('take every order equally often', () => {
    const counts = new Map<string, number>()
    for (let i = 0; i < 24_000; i++) {
      const order = hostValues({ kind: 'permutation', key: foldIn(key(6), i), shape: [4] }).join()
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    expect(Math.abs(excess(Float64Array.from(counts.values())))).toBeLessThan(5)
  })

  it('move every index to every place', () => {
    const n = 40
    const counts = new Float64Array(n * n)
    for (let i = 0; i < 5000; i++) {
      const order = hostValues({ kind: 'permutation', key: foldIn(key(7), i), shape: [n] })
      for (let place = 0; place < n; place++) counts[n * place + order[place]!]!++
    }
    expect(Math.abs(excess(counts))).toBeLessThan(5)
  })
})

describe('keys', () => {
  it('give independent draws: neighbours, children, parents, other kinds', () => {
    const shape = [N / 4]
    const parent = key(8)
    const draws: Draw[] = [
      { kind: 'normal', key: parent, shape },
      { kind: 'normal', key: key(9), shape },
      { kind: 'normal', key: foldIn(parent, 0), shape },
      { kind: 'normal', key: foldIn(parent, 1), shape },
      { kind: 'normal', key: foldIn(key(9), 0), shape },
      { kind: 'normal', key: foldIn(foldIn(parent, 0), 0), shape },
      { kind: 'uniform', key: parent, shape, low: 0, high: 1 },
      { kind: 'rademacher', key: parent, shape },
      { kind: 'choice', key: parent, shape, among: 1000 },
    ]
    const values = draws.map(hostValues)
    const sizes = values.map((some) => Float64Array.from(some, (value) => value * value))
    for (let i = 0; i < draws.length; i++) {
      for (let j = 0; j < i; j++) {
        expect(Math.abs(correlation(values[i]!, values[j]!))).toBeLessThan(5 / Math.sqrt(N / 4))
        // A normal's size comes of one word, which another kind's value might share. All signs have the size 1.
        if (draws[i]!.kind !== 'rademacher' && draws[j]!.kind !== 'rademacher') {
          expect(Math.abs(correlation(sizes[i]!, sizes[j]!))).toBeLessThan(5 / Math.sqrt(N / 4))
        }
      }
    }
  })
})
