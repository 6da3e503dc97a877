import { type Key, key, type Tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import * as toys from '.'
import {
  checkerboard,
  gaussianGrid,
  gaussianRing,
  mixture,
  pinwheel,
  rings,
  spirals,
  swissRoll,
  twoMoons,
} from '.'

const count = 4000

async function points(x: Tensor): Promise<[number, number][]> {
  const values = Array.from(await x.data())
  x.dispose()
  return Array.from({ length: values.length / 2 }, (_, i) => [values[2 * i]!, values[2 * i + 1]!])
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

/** Holds the mean of the values within four of their own standard errors, and 1e-6 of rounding, of the truth. */
function expectMean(values: readonly number[], truth: number): void {
  const found = mean(values)
  const error = Math.sqrt(mean(values.map((v) => (v - found) ** 2)) / values.length)
  expect(Math.abs(found - truth)).toBeLessThan(4 * error + 1e-6 * (1 + Math.abs(truth)))
}

/** Holds the means and the second moments about `centre`: E(x−a)², E(x−a)(y−b), E(y−b)². */
function expectMoments(
  xy: readonly [number, number][],
  centre: readonly [number, number],
  second: readonly [number, number, number],
): void {
  const [a, b] = centre
  expectMean(
    xy.map(([x]) => x),
    a,
  )
  expectMean(
    xy.map(([, y]) => y),
    b,
  )
  expectMean(
    xy.map(([x]) => (x - a) ** 2),
    second[0],
  )
  expectMean(
    xy.map(([x, y]) => (x - a) * (y - b)),
    second[1],
  )
  expectMean(
    xy.map(([, y]) => (y - b) ** 2),
    second[2],
  )
}

/** The angle in [0, 2π). */
const angle = ([x, y]: readonly [number, number]): number => (Math.atan2(y, x) + 2 * Math.PI) % (2 * Math.PI)

/** Holds the shares of equally likely classes within four standard errors. */
function expectEqualShares(classes: readonly number[], number: number): void {
  for (let k = 0; k < number; k++) {
    const share = classes.filter((c) => c === k).length / classes.length
    expect(Math.abs(share - 1 / number)).toBeLessThan(
      4 * Math.sqrt(((1 / number) * (1 - 1 / number)) / classes.length),
    )
  }
}

describe.each(
  Object.entries(toys as unknown as Record<string, (key: Key, count: number, options?: object) => Tensor>),
)('%s', (name, density) => {
  it('draws each row from the key and its index, and leaves nothing else alive', async () => {
    const small = await points(expectNoLeaks(() => density(key(3), 4)))
    const large = await points(density(key(3), 9))
    expect(large.slice(0, 4)).toEqual(small)
    expect(await points(density(key(4), 4))).not.toEqual(small)
  })

  it('checks its count and options', () => {
    expect(() => density(key(0), 0)).toThrow(/: expected count to be an integer >= 1, got 0/)
    for (const option of [
      'noise',
      'sigma',
      'radius',
      'spacing',
      'arms',
      'modes',
      'side',
      'squares',
      'turns',
      'rate',
    ]) {
      if (!new RegExp(`\\b${option}\\b`).test(density.toString())) continue
      expect(() => density(key(0), 1, { [option]: -1 }), `${name} ${option}`).toThrow(RangeError)
      expect(() => density(key(0), 1, { [option]: Number.NaN }), `${name} ${option}`).toThrow(RangeError)
    }
  })
})

describe('mixture', () => {
  it('is ⅕ N((−5, −5), I) + ⅘ N((5, 5), I) by default', async () => {
    const xy = await points(mixture(key(1), count))
    expectMoments(xy, [3, 3], [17, 16, 17])
    expectMean(
      xy.map(([x, y]) => (x + y < 0 ? 1 : 0)),
      0.2,
    )
    const high = xy.filter(([x, y]) => x + y > 0)
    expectMoments(high, [5, 5], [1, 0, 1])
  })

  it('takes means, weights and sigma', async () => {
    const means = [
      [0, 1],
      [2, 3],
      [4, 5],
    ] as const
    const xy = await points(mixture(key(2), count, { means, weights: [1, 0, 3], sigma: 0 }))
    expect(new Set(xy.map(String))).toEqual(new Set(['0,1', '4,5']))
    expectMean(
      xy.map(([x]) => (x === 0 ? 1 : 0)),
      0.25,
    )
    expectEqualShares(
      (await points(mixture(key(2), count, { means, sigma: 0 }))).map(([x]) => x / 2),
      3,
    )
    expect(() => mixture(key(0), 1, { means, weights: [1] })).toThrow(
      'mixture: expected one weight a mean, got 1 weights and 3',
    )
  })
})

describe('gaussianGrid and gaussianRing', () => {
  it('put equal modes where they say', async () => {
    const grid = await points(gaussianGrid(key(1), count, { side: 3, spacing: 2, sigma: 0 }))
    expectEqualShares(
      grid.map(([x, y]) => (x / 2 + 1) * 3 + y / 2 + 1),
      9,
    )
    const ring = await points(gaussianRing(key(1), count, { modes: 6, radius: 2, sigma: 0 }))
    for (const [x, y] of ring) expect(Math.hypot(x, y)).toBeCloseTo(2, 5)
    expectEqualShares(
      ring.map((p) => Math.round((angle(p) * 3) / Math.PI) % 6),
      6,
    )
  })

  it('have the spread they say', async () => {
    // Var = spacing²(side² − 1)/12 + σ²; on the ring radius²/2 + σ².
    expectMoments(await points(gaussianGrid(key(2), count)), [0, 0], [8.01, 0, 8.01])
    expectMoments(await points(gaussianRing(key(2), count)), [0, 0], [2.01, 0, 2.01])
  })
})

describe('rings', () => {
  it('lie on circles, uniform in angle', async () => {
    const xy = await points(rings(key(5), count, { noise: 0 }))
    expectEqualShares(
      xy.map(([x, y]) => Math.round(Math.hypot(x, y) - 1)),
      3,
    )
    expectEqualShares(
      xy.map((p) => Math.floor((4 * angle(p)) / Math.PI)),
      8,
    )
    for (const [x, y] of xy) expect(Math.abs((Math.hypot(x, y) % 1) - 0.5)).toBeGreaterThan(0.499)
    expectMoments(
      await points(rings(key(6), count, { noise: 0.5 })),
      [0, 0],
      [14 / 6 + 0.25, 0, 14 / 6 + 0.25],
    )
    expect(() => rings(key(0), 1, { radii: [1, 0] })).toThrow('rings: expected radii[1] > 0, got 0')
  })
})

describe('twoMoons', () => {
  it('lie on two half circles', async () => {
    const xy = await points(twoMoons(key(7), count, { noise: 0 }))
    const upper = xy.filter(([x, y]) => Math.abs(Math.hypot(x, y) - 1) < 1e-5 && y > -1e-5)
    const lower = xy.filter(([x, y]) => Math.abs(Math.hypot(x - 1, y - 0.5) - 1) < 1e-5 && y < 0.50001)
    // The half circles cross twice, where a point counts for both.
    expect(upper.length + lower.length).toBeGreaterThanOrEqual(count)
    expect(upper.length + lower.length).toBeLessThan(count + 5)
    expectMean(
      xy.map((p) => (upper.includes(p) ? 1 : 0)),
      0.5,
    )
  })

  it('have the moments of half circles and noise', async () => {
    const y2 = (0.5 + 0.75 - 2 / Math.PI) / 2 - 0.0625
    const xy = await points(twoMoons(key(8), count, { noise: 0.3 }))
    expectMoments(xy, [0.5, 0.25], [0.75 + 0.09, (0.5 - 4 / Math.PI) / 4, y2 + 0.09])
  })
})

describe('checkerboard', () => {
  it('fills the dark squares alone, evenly', async () => {
    for (const squares of [2, 4, 6]) {
      const xy = await points(checkerboard(key(9), count, { squares, size: 3 }))
      const cells = xy.map(
        ([x, y]) => [x, y].map((v) => Math.floor(((v + 1.5) * squares) / 3)) as [number, number],
      )
      for (const [i, j] of cells) {
        expect((i + j) % 2).toBe(0)
        expect(Math.min(i, j)).toBeGreaterThanOrEqual(0)
        expect(Math.max(i, j)).toBeLessThan(squares)
      }
      expectEqualShares(
        cells.map(([i, j]) => j * (squares / 2) + (i - (j % 2)) / 2),
        (squares * squares) / 2,
      )
      expectMean(
        xy.map(([x]) => (((x + 1.5) * squares) / 3) % 1),
        0.5,
      )
    }
    expect(() => checkerboard(key(0), 1, { squares: 3 })).toThrow(
      'checkerboard: expected squares to be an even integer',
    )
  })
})

describe('swissRoll', () => {
  it('is a spiral whose radius follows its angle', async () => {
    const xy = await points(swissRoll(key(10), count, { noise: 0, radius: 3 }))
    const turns = xy.map(([x, y]) => (Math.hypot(x, y) / 3) * 4.5 * Math.PI)
    const aside = turns.map((phi, i) => Math.cos(phi - angle(xy[i]!)))
    expect(Math.min(...aside)).toBeGreaterThan(1 - 1e-8)
    expect(Math.min(...turns)).toBeGreaterThan(1.5 * Math.PI - 1e-4)
    expect(Math.max(...turns)).toBeLessThan(4.5 * Math.PI + 1e-4)
    expectMean(turns, 3 * Math.PI)
  })
})

describe('spirals', () => {
  it('are arms whose angle follows their radius', async () => {
    const [arms, turns, radius] = [3, 1.25, 2]
    const xy = await points(spirals(key(11), count, { arms, turns, radius, noise: 0 }))
    const shares = xy.map((p) => {
      const u = Math.hypot(...p) / radius
      const arm = arms * (angle(p) / (2 * Math.PI) - turns * u)
      expect(Math.abs(arm - Math.round(arm))).toBeLessThan(1e-3)
      return ((Math.round(arm) % arms) + arms) % arms
    })
    expectEqualShares(shares, arms)
    // The square of the radius is uniform.
    expectMean(
      xy.map(([x, y]) => (x * x + y * y) / radius ** 2),
      0.5,
    )
  })
})

describe('pinwheel', () => {
  it('has Gaussian arms, wound by distance', async () => {
    const [arms, rate] = [4, 0.5]
    const options = { arms, rate, radial: 0.1, tangential: 0 }
    const xy = await points(pinwheel(key(12), count, options))
    const shares = xy.map((p) => {
      const r = Math.hypot(...p)
      const arm = (angle(p) - rate * Math.exp(r - 1)) / ((2 * Math.PI) / arms)
      expect(Math.abs(arm - Math.round(arm))).toBeLessThan(1e-4)
      return ((Math.round(arm) % arms) + arms) % arms
    })
    expectEqualShares(shares, arms)
    expectMean(
      xy.map((p) => Math.hypot(...p)),
      1,
    )
    expectMean(
      xy.map((p) => (Math.hypot(...p) - 1) ** 2),
      0.01,
    )
  })

  it('keeps the squared distance 1 + radial² + tangential², and no mean', async () => {
    const half = (1 + 0.09 + 0.0025) / 2
    expectMoments(await points(pinwheel(key(13), count)), [0, 0], [half, 0, half])
  })
})
