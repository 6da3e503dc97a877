import { describe, expect, it } from 'vitest'
import jax from '../../fixtures/jax-random.json'
import { foldIn, type Key, key, normal, split } from '..'

describe('keys', () => {
  it('are those that JAX makes', () => {
    for (const { seed, words, split: keys, foldIn: folded } of jax.keys) {
      expect(key(seed).words).toEqual(words)
      expect(split(key(seed), 5).map(({ words }) => words)).toEqual(keys)
      expect(jax.data.map((data) => foldIn(key(seed), data).words)).toEqual(folded)
    }
  })

  it('split in two unasked; fewer keys are the first of more', () => {
    expect(split(key(3))).toEqual(split(key(3), 7).slice(0, 2))
  })

  it('are plain data', () => {
    expect(JSON.parse(JSON.stringify(key(2 ** 40)))).toEqual(key(2 ** 40))
  })

  it('come of integers in [0, 2^53) alone', () => {
    for (const seed of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1', undefined, null, 1n]) {
      expect(() => key(seed as number)).toThrow(
        `key: expected seed to be an integer in [0, 2^53), got ${seed}`,
      )
    }
    for (const count of [0, -1, 1.5, Number.NaN, 2 ** 32 + 1]) {
      expect(() => split(key(0), count)).toThrow(
        `split: expected count to be an integer in [1, 2^20], got ${count}`,
      )
    }
    for (const data of [-1, 0.5, Number.NaN, 2 ** 32]) {
      expect(() => foldIn(key(0), data)).toThrow(
        `foldIn: expected data to be an integer in [0, 2^32), got ${data}`,
      )
    }
  })

  it('are refused when they are none', () => {
    for (const words of [
      undefined,
      [],
      [1],
      [1, 2, 3],
      [1, -1],
      [0.5, 1],
      [2 ** 32, 0],
      [Number.NaN, 0],
      ['1', 2],
    ]) {
      const bad = { words } as unknown as Key
      expect(() => split(bad)).toThrow(TypeError)
      expect(() => foldIn(bad, 0)).toThrow('foldIn: expected a key, as key(seed) makes it, got ')
      expect(() => normal(bad, [2])).toThrow('normal: expected a key, as key(seed) makes it, got ')
    }
    for (const bad of [0, undefined, null, 'key']) {
      expect(() => normal(bad as unknown as Key, [2])).toThrow(`as key(seed) makes it, got ${bad}`)
    }
  })
})
