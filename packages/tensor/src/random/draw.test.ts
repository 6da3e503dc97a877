import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import jax from '../../fixtures/jax-random.json'
import { choice, type Key, key, normal, permutation, rademacher, type Shape, type Tensor, uniform } from '..'
import { expectNoLeaks } from '../testing'

const draws: Record<string, (key: Key, shape: Shape) => Tensor> = {
  normal,
  uniform,
  rademacher,
  choice: (key, shape) => choice(key, 1000, shape),
  'choice by weights': (key, shape) => choice(key, [1, 2, 0, 3], shape),
}

/** The values, then no tensor. */
async function valuesOf(x: Tensor): Promise<number[]> {
  const values = Array.from(await x.data())
  x.dispose()
  return values
}

/** Much faster than toEqual for long arrays. */
function same(a: number[], b: number[]): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]))
}

describe("draws made of JAX's blocks in NumPy's arithmetic", () => {
  for (const expectedDraws of jax.draws) {
    const source = key(expectedDraws.seed)

    it(`are the same integers, seed ${expectedDraws.seed}`, async () => {
      expect(await valuesOf(rademacher(source, [2, 70]))).toEqual(expectedDraws.rademacher.flat())
      expect(await valuesOf(choice(source, 1000, [2, 5]))).toEqual(expectedDraws.choice.flat())
      expect(await valuesOf(choice(source, jax.weights, [2, 5]))).toEqual(expectedDraws.weighted.flat())
      expect(await valuesOf(permutation(source, 20))).toEqual(expectedDraws.permutation)
    })

    it(`are the same real numbers, rounded, seed ${expectedDraws.seed}`, async () => {
      const uniforms = await valuesOf(uniform(source, [3, 5], { low: -2, high: 3 }))
      expect(uniforms).toEqual(expectedDraws.uniform.flat().map(Math.fround))
      // Half a unit of float32's last place, and the polynomials' 1e-9 of a radius below 7.
      const normals = await valuesOf(normal(source, [3, 5]))
      for (const [i, z] of expectedDraws.normal.flat().entries()) {
        expect(Math.abs(normals[i]! - z)).toBeLessThan(2 ** -24 * Math.abs(z) + 7e-9)
      }
    })
  }
})

describe('the rows of a draw', () => {
  for (const [name, draw] of Object.entries(draws)) {
    it(`depend on the key and their number alone: ${name}`, async () => {
      for (const rest of [[], [1], [2], [3], [65], [2, 3], [5000]]) {
        const width = rest.reduce((a, b) => a * b, 1)
        const rows = width < 5000 ? 2500 : 3
        const many = await valuesOf(draw(key(9), [rows, ...rest]))
        for (const fewer of [1, 2, rows - 1]) {
          const few = await valuesOf(draw(key(9), [fewer, ...rest]))
          expect(same(few, many.slice(0, fewer * width))).toBe(true)
        }
      }
    })

    it(`begin alike at every width: ${name}`, async () => {
      const most = 140_000
      const wide = await valuesOf(draw(key(9), [2, most]))
      for (const width of [1, 2, 63, 4096, 4097, 131_073]) {
        const narrow = await valuesOf(draw(key(9), [2, width]))
        expect(same(narrow.slice(0, width), wide.slice(0, width))).toBe(true)
        expect(same(narrow.slice(width), wide.slice(most, most + width))).toBe(true)
      }
    })

    it(`are one for a scalar, none for an empty shape: ${name}`, async () => {
      expect(await valuesOf(draw(key(9), []))).toEqual(await valuesOf(draw(key(9), [1])))
      for (const shape of [[0], [0, 3], [3, 0], [2, 0, 2]]) {
        const x = draw(key(9), shape)
        expect(x.shape).toEqual(shape)
        expect(await valuesOf(x)).toEqual([])
      }
    })

    it(`leave one tensor: ${name}`, () => {
      expectNoLeaks(() => draw(key(9), [4, 3])).dispose()
    })

    it(`come of a shape alone: ${name}`, () => {
      for (const shape of [[-1], [2, 0.5], [Number.NaN], [2 ** 31 + 1], [2 ** 20, 2 ** 20], ['2']]) {
        expect(() => draw(key(9), shape as number[])).toThrow(
          /^\w+: expected a shape of (integers >= 0|at most 2147483647 values)/,
        )
      }
      expect(() => draw(key(9), 3 as unknown as Shape)).toThrow(TypeError)
    })
  }
})

describe('uniform', () => {
  it('stays in [low, high) after rounding', async () => {
    const bound = fc.float({ noNaN: true, min: Math.fround(-3e38), max: Math.fround(3e38) })
    const near = fc
      .tuple(
        fc.constantFrom(0, 1e-30, 0.1, 0.7, 1, 3, 1e30),
        fc.constantFrom(-1, 1),
        fc.double({ min: 2e-7, max: 1, noNaN: true }),
      )
      .map(([x, sign, width]) => [sign * x, sign * x + Math.abs(x || 1e-40) * width])
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.tuple(bound, bound), near), fc.nat(), async (bounds, seed) => {
        const [low, high] = [Math.min(...bounds), Math.max(...bounds)]
        if (low === high) return
        const values = await valuesOf(uniform(key(seed), [200], { low, high }))
        expect(values.every((value) => value >= low && value < high)).toBe(true)
      }),
      { numRuns: 300, seed: 4 },
    )
  })

  it('refuses bounds that hold nothing', () => {
    const bad: [number, number][] = [
      [1, 1],
      [2, 1],
      [Number.NaN, 1],
      [0, Number.NaN],
      [0, Number.POSITIVE_INFINITY],
      [-1e39, 0],
      [0, 1e39],
    ]
    for (const [low, high] of bad) {
      expect(() => uniform(key(0), [1], { low, high })).toThrow(
        `uniform: expected finite float32 bounds, low < high, got [${low}, ${high}]`,
      )
    }
    const [low, high] = [1 + 1e-12, 1 + 2e-12]
    expect(() => uniform(key(0), [1], { low, high })).toThrow(
      'uniform: expected a float32 number in [low, high)',
    )
  })
})

describe('choice and permutation', () => {
  it('give int32', async () => {
    for (const x of [choice(key(0), 3, [2]), choice(key(0), [1, 1], [2]), permutation(key(0), 2)]) {
      expect(x.dtype).toBe('int32')
      x.dispose()
    }
  })

  it('hold each index once', async () => {
    for (const n of [0, 1, 2, 3, 5000]) {
      const order = await valuesOf(permutation(key(n), n))
      expect(order.sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i))
    }
  })

  it('take any count up to 2^31, and weights in any array', async () => {
    const large = await valuesOf(choice(key(0), 2 ** 31, [1000]))
    expect(Math.min(...large)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...large)).toBeGreaterThan(2 ** 31 * 0.98)
    expect(await valuesOf(choice(key(0), 1, [50]))).toEqual(Array(50).fill(0))
    const weights = [0, 1e-300, 0, 3e-300, 0]
    const chosen = await valuesOf(choice(key(0), Float64Array.from(weights), [1000]))
    expect([...new Set(chosen)].sort()).toEqual([1, 3])
  })

  it('refuse what they cannot draw from', () => {
    for (const n of [0, -1, 1.5, Number.NaN, 2 ** 31 + 1]) {
      expect(() => choice(key(0), n, [1])).toThrow(
        `choice: expected a count in [1, 2^31] or weights, got ${n}`,
      )
    }
    expect(() => choice(key(0), [1, -1], [1])).toThrow('choice: expected weights >= 0, got -1 at 1')
    expect(() => choice(key(0), [Number.NaN], [1])).toThrow('choice: expected weights >= 0, got NaN at 0')
    for (const weights of [[], [0, 0], [Number.POSITIVE_INFINITY]]) {
      expect(() => choice(key(0), weights, [1])).toThrow('choice: expected weights with a finite sum > 0')
    }
    expect(() => choice(key(0), undefined as unknown as number, [1])).toThrow(TypeError)
    expect(() => permutation(key(0), -1)).toThrow('permutation: expected a shape of integers >= 0')
  })
})
