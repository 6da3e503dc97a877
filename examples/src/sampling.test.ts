import { describe, expect, it } from 'vitest'
import * as sdeSolvers from './18-sde-solvers'
import * as predictorCorrector from './19-predictor-corrector'
import * as odeTolerance from './20-ode-tolerance'
import * as sameMarginals from './21-same-marginals'
import * as likelihood from './22-likelihood'
import * as codes from './23-codes'

describe('sampling', () => {
  it('18: by every solver of the reverse SDE', async () => {
    const count = 1000
    const { exact, ...found } = await sdeSolvers.main({ count, steps: 100 })
    expect(Object.keys(found)).toHaveLength(10)
    for (const [mean, variance] of Object.values(found)) {
      expect(Math.abs(mean! - 2)).toBeLessThan(4 * Math.sqrt(0.25 / count))
      // A tenth for 100 steps of a method of order 1.
      expect(Math.abs(variance! / 0.25 - 1)).toBeLessThan(4 * Math.sqrt(2 / count) + 0.1)
    }
    expect(exact).toEqual([2, 0.25])
  })

  it('19: by any predictor and corrector, evaluations counted', async () => {
    const count = 1000
    const found = await predictorCorrector.main({ count, steps: 50 })
    const evaluations = Object.values(found).map(([, , n]) => n)
    expect(evaluations).toEqual([50, 100, 150, 150])
    for (const [mean, variance] of Object.values(found)) {
      expect(Math.abs(mean! - 2)).toBeLessThan(4 * Math.sqrt(0.25 / count))
      // A fifth for 50 steps.
      expect(Math.abs(variance! / 0.25 - 1)).toBeLessThan(4 * Math.sqrt(2 / count) + 0.2)
    }
  })

  it('20: by the ODE, the nearer to its exact map the more evaluations', async () => {
    const found = Object.values(await odeTolerance.main({ count: 50 })) as [number, number][]
    const [coarse, middle, fine] = found as [[number, number], [number, number], [number, number]]
    expect(coarse[0]).toBeLessThan(middle[0])
    expect(middle[0]).toBeLessThan(fine[0])
    expect(middle[1]).toBeLessThan(coarse[1])
    expect(fine[1]).toBeLessThan(middle[1])
    // Errors of 2.4e-5 a step, over tens of steps.
    expect(fine[1]).toBeLessThan(2e-3)
  })

  it('21: by SDE and ODE alike in law at every time', async () => {
    const count = 400
    const { weightsBySde, weightsByOde, ...distances } = await sameMarginals.main({ count })
    for (const weights of [weightsBySde, weightsByOde]) {
      expect(Math.abs(weights[1]! - 0.8)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / count))
    }
    expect(Object.keys(distances)).toHaveLength(4)
    // Between two samples of one law of deviation 1 the distance varies by about 2/n; a shift of 0.3 makes 0.05.
    for (const distance of Object.values<number[]>(distances).flat())
      expect(Math.abs(distance)).toBeLessThan(8 / count)
  })
})

describe('likelihood and codes', () => {
  it('22: log-likelihoods and bits/dim are exact', async () => {
    const count = 200
    const found = await likelihood.main({ count })
    expect(found.logLikelihood).toBeCloseTo(found.exact, 3)
    // One probe a row: its variance is that of the off-diagonal of ∫½g²∇s dt, of the order of 1.
    expect(Math.abs(found.hutchinson - found.exact)).toBeLessThan(4 / Math.sqrt(count))
    // −log₂ p has variance ½ log₂²e a pixel, and the bits of a grey level that truncation costs vanish at 256 levels.
    const error = Math.sqrt(0.5 / (4 * count)) / Math.LN2
    expect(Math.abs(found.bitsPerDim - found.exactBitsPerDim)).toBeLessThan(4 * error)
  })

  it('23: codes go and come back, and two models agree on them', async () => {
    const found = await codes.main({ steps: 400, count: 30 })
    expect(found.roundTrip).toBeLessThan(2e-3)
    expect(found.errorOfCodes).toBeLessThan(1e-3)
    // The mean of two data by slerp at ½: within four deviations of the data's mean.
    expect(Math.abs(found.interpolatedMean[0]! - 1)).toBeLessThan((4 * 0.5) / Math.sqrt(30))
    expect(Math.abs(found.interpolatedMean[1]! + 1)).toBeLessThan(4 / Math.sqrt(30))
    // Codes of other data are E‖z − z′‖ = √π apart.
    expect(found.betweenModels).toBeLessThan(0.35)
    expect(Math.abs(found.betweenData - Math.sqrt(Math.PI))).toBeLessThan(
      (4 * Math.sqrt(4 - Math.PI)) / Math.sqrt(30),
    )
  })
})
