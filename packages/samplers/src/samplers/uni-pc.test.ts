import { describe, expect, it } from 'vitest'
import { measuredOrder } from '../testing/quantile-flow'
import { uniPc } from './uni-pc'

describe('uniPc', () => {
  it.each([
    { order: 1, variant: 'linear' },
    { order: 2, variant: 'linear' },
    { order: 3, variant: 'linear' },
    { order: 1, variant: 'exponential' },
    { order: 2, variant: 'exponential' },
    { order: 3, variant: 'exponential' },
  ] as const)('adds one to order $order on the exact map of a mixture ($variant)', async (options) => {
    const sampler = uniPc(options)
    expect(sampler.order).toBe(options.order + 1)
    expect(Math.abs((await measuredOrder(sampler, 32)) - sampler.order)).toBeLessThan(0.35)
  })
})
