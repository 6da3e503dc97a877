import { describe, expect, it } from 'vitest'
import * as ownData from './27-own-data'
import * as ownSampler from './28-own-sampler'
import * as reproducible from './29-reproducible'
import * as memory from './30-memory'

describe('guides', () => {
  it('learn the rows of a table', async () => {
    const count = 2000
    const { columns, mean, deviation, correlation } = await ownData.main({ steps: 400, count })
    expect(columns).toBe('height weight')
    // Four standard errors of 2000 rows there and as many here, and a twentieth of a deviation for the network.
    const slack = 4 * Math.sqrt(2 / count) + 0.05
    expect(Math.abs(mean[0]! - 170) / 8).toBeLessThan(slack)
    expect(Math.abs(mean[1]! - 70) / 10).toBeLessThan(slack)
    expect(Math.abs(deviation[0]! / 8 - 1)).toBeLessThan(slack)
    expect(Math.abs(deviation[1]! / 10 - 1)).toBeLessThan(slack)
    expect(Math.abs(correlation - 0.8)).toBeLessThan(slack / 2)
  })

  it('have a sampler of order 2', async () => {
    const { order, fine, euler } = await ownSampler.main()
    expect(Math.abs(order - 2)).toBeLessThan(0.2)
    expect(fine).toBeLessThan(euler / 5)
  })

  it('repeat samples in a batch of any size', async () => {
    const { difference, sameKey, otherKey } = await reproducible.main()
    expect(difference).toBeLessThan(1e-5)
    expect(sameKey).toBe(0)
    expect(otherKey).toBeGreaterThan(0.1)
  })

  it('leave no tensors', async () => {
    expect(await memory.main()).toEqual({ made: 2, left: 0, numbers: 200 })
  })
})
