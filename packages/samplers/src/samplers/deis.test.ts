import { describe, expect, it } from 'vitest'
import { measuredOrder } from '../testing/quantile-flow'
import { deis } from './deis'

describe('deis', () => {
  it.each([
    { order: 1, variable: 'time', steps: 16 },
    { order: 2, variable: 'time', steps: 32 },
    { order: 3, variable: 'time', steps: 32 },
    { order: 4, variable: 'time', steps: 32 },
    { order: 1, variable: 'logSnr', steps: 16 },
    { order: 2, variable: 'logSnr', steps: 16 },
    { order: 3, variable: 'logSnr', steps: 16 },
    { order: 4, variable: 'logSnr', steps: 16 },
  ] as const)('is of order $order in $variable on the exact map of a mixture', async (option) => {
    const { order, variable, steps } = option
    const sampler = deis({ order, variable })
    expect(sampler.order).toBe(order)
    expect(Math.abs((await measuredOrder(sampler, steps)) - order)).toBeLessThan(0.35)
  })
})
