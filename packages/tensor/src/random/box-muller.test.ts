import { describe, expect, it } from 'vitest'
import { key } from '.'
import { toNormal } from './box-muller'
import { type Draw, hostValues } from './host-values'
import { threefry2x32 } from './threefry'

/** The pair made of two words, before it is rounded to float32. */
function pair(first: number, second: number): [number, number] {
  const values = new Float64Array(2)
  toNormal(Uint32Array.of(first, second), 1, 2, values as unknown as Float32Array, 0)
  return [values[0]!, values[1]!]
}

function exactPair(first: number, second: number): [number, number] {
  const u = (first + 0.5) / 2 ** 32
  const radius = Math.sqrt(u < 0.5 ? -2 * Math.log(u) : -2 * Math.log1p((first + 0.5 - 2 ** 32) / 2 ** 32))
  const angle = 2 * Math.PI * ((second + 0.5) / 2 ** 32 - 0.5)
  return [radius * Math.cos(angle), radius * Math.sin(angle)]
}

describe('toNormal', () => {
  const edges = [
    0,
    1,
    2,
    3,
    2 ** 30,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 31 + 1,
    3 * 2 ** 30,
    2 ** 32 - 2,
    2 ** 32 - 1,
  ]
  const random = new Uint32Array(20_000)
  threefry2x32([1, 2], 0, 1, 0, 10_000, random)

  it('agrees with Math.log, Math.cos and Math.sin to 1e-9 of the radius', () => {
    const pairs = edges.flatMap((first) => edges.map((second) => [first, second]))
    for (let i = 0; i < random.length; i += 2) pairs.push([random[i]!, random[i + 1]!])
    let worst = 0
    for (const [first, second] of pairs as [number, number][]) {
      const [got, exact] = [pair(first, second), exactPair(first, second)]
      const error = Math.hypot(got[0] - exact[0], got[1] - exact[1])
      worst = Math.max(worst, error / Math.hypot(...exact))
    }
    expect(worst).toBeLessThan(1e-9)
  })

  it('is finite, never 0, and below 6.77 for every word', () => {
    for (const first of edges) {
      for (const second of edges) {
        for (const z of pair(first, second)) {
          expect(Math.abs(z)).toBeLessThan(6.77)
          expect(Math.abs(Math.fround(z))).toBeGreaterThan(0)
        }
      }
    }
    expect(Math.hypot(...pair(0, 0))).toBeGreaterThan(6.76)
  })
})

describe('hostValues', () => {
  /** FNV-1a of the values' bits. */
  function hash(draw: Draw): number {
    const values = hostValues(draw)
    let hash = 0x811c9dc5
    for (const byte of new Uint8Array(values.buffer)) hash = Math.imul(hash ^ byte, 0x01000193)
    return hash >>> 0
  }

  it('are the same bits in V8, JavaScriptCore, SpiderMonkey and QuickJS', () => {
    const source = { key: key(0), shape: [1000, 101] }
    expect(hash({ kind: 'normal', ...source })).toBe(2727671037)
    expect(hash({ kind: 'uniform', low: -0.3, high: 0.7, ...source })).toBe(1434536014)
    expect(hash({ kind: 'rademacher', ...source })).toBe(612392581)
    expect(hash({ kind: 'choice', among: 1000, ...source })).toBe(3957895939)
    expect(hash({ kind: 'choice', among: [0.1, 0.2, 0.7], ...source })).toBe(3794481159)
    expect(hash({ kind: 'permutation', key: key(0), shape: [100_000] })).toBe(4233275941)
  })
})
