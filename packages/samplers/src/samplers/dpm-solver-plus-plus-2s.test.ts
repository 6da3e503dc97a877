import { describe, expect, it } from 'vitest'
import { measuredOrder } from '../testing/quantile-flow'
import { dpmSolverPlusPlus2s } from './dpm-solver-plus-plus-2s'

describe('dpmSolverPlusPlus2s', () => {
  it.each(['ancestral', 'sde'] as const)('is of order 2 without noise (%s)', async (variant) => {
    const sampler = dpmSolverPlusPlus2s({ variant, eta: 0 })
    expect(sampler.order).toBe(2)
    expect(Math.abs((await measuredOrder(sampler, 32)) - 2)).toBeLessThan(0.25)
  })

  it('refuses what it cannot do', () => {
    expect(() => dpmSolverPlusPlus2s({ eta: 1.1 })).toThrow('dpmSolverPlusPlus2s: expected eta in')
    expect(() => dpmSolverPlusPlus2s({ variant: 'heun' as 'sde' })).toThrow(
      "dpmSolverPlusPlus2s: expected variant to be 'ancestral' or 'sde'",
    )
  })
})
