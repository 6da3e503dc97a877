import { key, tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { gaussianPrior } from './prior'

describe('gaussianPrior', () => {
  it('has the log-density of N(0, σ² I), per row', async () => {
    const [sigma, rows] = [
      3,
      [
        [1, -2, 0.5],
        [4, 0, 0],
      ],
    ]
    const log = await gaussianPrior(sigma).logDensity(tensor(rows)).data()
    for (const [i, row] of rows.entries()) {
      const wanted = row.reduce((sum, v) => sum - v ** 2 / 18 - Math.log(3 * Math.sqrt(2 * Math.PI)), 0)
      expect(log[i]).toBeCloseTo(wanted, 5)
    }
  })

  it('draws it, each row from the key and its index', async () => {
    const prior = gaussianPrior(2)
    const n = 20_000
    const x = Array.from(await prior.sample(key(3), [n, 1]).data())
    const mean = x.reduce((a, b) => a + b, 0) / n
    const variance = x.reduce((a, b) => a + b * b, 0) / n
    // Four standard errors: σ/√n and σ²√(2/n).
    expect(Math.abs(mean)).toBeLessThan((4 * 2) / Math.sqrt(n))
    expect(Math.abs(variance - 4)).toBeLessThan(4 * 4 * Math.sqrt(2 / n))
    expect(Array.from(await prior.sample(key(3), [4, 1]).data())).toEqual(x.slice(0, 4))
  })

  it('leaves nothing alive but its results, and checks what it gets', () => {
    const prior = gaussianPrior(1)
    const x = expectNoLeaks(() => prior.sample(key(0), [3, 2]))
    expectNoLeaks(() => prior.logDensity(x))
    expect(() => gaussianPrior(0)).toThrow('gaussianPrior: expected sigma > 0, got 0')
    expect(() => prior.logDensity(tensor(1))).toThrow('gaussianPrior: expected x of shape [B, ...]')
  })
})
