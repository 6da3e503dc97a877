import { describe, expect, it } from 'vitest'
import { measuredOrder } from '../testing/quantile-flow'
import { odeEuler } from './ode-euler'
import { odeHeun } from './ode-heun'

describe('the fixed-step solvers of the probability flow', () => {
  it.each([
    { sampler: odeEuler(), steps: 16 },
    { sampler: odeHeun(), steps: 16 },
  ])('gives $sampler.name its order on the exact map of a mixture', async ({ sampler, steps }) => {
    expect(Math.abs((await measuredOrder(sampler, steps)) - sampler.order)).toBeLessThan(0.2)
  })
})
