import { describe, expect, it } from 'vitest'
import jax from '../../fixtures/jax-random.json'
import { threefry2x32 } from './threefry'

function encrypt(key: number[], [row, block]: number[]): number[] {
  const out = new Uint32Array(2)
  threefry2x32(key as [number, number], row!, 1, block!, 1, out)
  return Array.from(out)
}

describe('threefry2x32', () => {
  it("gives Random123's known answers (kat_vectors, threefry2x32 20)", () => {
    expect(encrypt([0, 0], [0, 0])).toEqual([0x6b200159, 0x99ba4efe])
    expect(encrypt([0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff])).toEqual([0x1cb996fc, 0xbb002be7])
    expect(encrypt([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])).toEqual([0xc4923a9c, 0x483df7a0])
  })

  it("gives JAX's blocks", () => {
    for (const { words, blocks } of jax.keys) {
      expect(blocks.map((_, block) => encrypt(words, [7, block]))).toEqual(blocks)
    }
  })

  it('counts blocks within rows, and wraps at 2^32', () => {
    const out = new Uint32Array(12)
    threefry2x32([1, 2], 0xffffffff, 2, 0xfffffffe, 3, out)
    const counters = [0xffffffff, 0].flatMap((row) =>
      [0xfffffffe, 0xffffffff, 0].map((block) => [row, block]),
    )
    expect(Array.from(out)).toEqual(counters.flatMap((counter) => encrypt([1, 2], counter)))
  })
})
