import { key, normal, rademacher } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { drawProbes, separateProbes, sphere } from './probes'

describe('probes', () => {
  it.each([
    ['rademacher', rademacher],
    ['normal', normal],
    ['sphere', sphere],
  ])('%s have covariance I', async (_, probe) => {
    const n = 20_000
    const values = await probe(key(1), [n, 3]).data()
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0
        for (let r = 0; r < n; r++) sum += values[3 * r + i]! * values[3 * r + j]!
        // Products of two entries have variance at most 2 (the squares of normals).
        expect(Math.abs(sum / n - Number(i === j))).toBeLessThan(4 * Math.sqrt(2 / n))
      }
    }
  })

  it('sphere has radius √d in every row, whatever its shape', async () => {
    const values = await sphere(key(2), [5, 2, 3]).data()
    for (let r = 0; r < 5; r++) {
      const row = Array.from(values.subarray(6 * r, 6 * r + 6))
      expect(row.reduce((s, v) => s + v * v, 0)).toBeCloseTo(6, 4)
    }
  })

  it('are kept together by row and taken apart by direction', async () => {
    const probes = drawProbes(normal, key(3), [4, 2, 1], 3)
    expect(probes.shape).toEqual([4, 3, 2, 1])
    const all = await probes.data()
    const parts = separateProbes('sliced', probes)
    expect(parts.map((v) => v.shape)).toEqual([
      [4, 2, 1],
      [4, 2, 1],
      [4, 2, 1],
    ])
    expect([...(await parts[1]!.data())]).toEqual(
      [0, 1, 2, 3].flatMap((row) => [...all.subarray(6 * row + 2, 6 * row + 4)]),
    )
  })
})
