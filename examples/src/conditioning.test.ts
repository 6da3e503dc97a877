import { describe, expect, it } from 'vitest'
import * as classifierGuidance from './24-classifier-guidance'
import * as colourisation from './24-colourisation'
import * as inpainting from './24-inpainting'
import * as inverseProblems from './24-inverse-problems'
import * as discreteModels from './25-discrete-models'

const count = 1000

describe('conditioning', () => {
  it('24: a classifier’s gradient gives its class', async () => {
    const { mean, exactMean, covariance, exactCovariance } = await classifierGuidance.main({ count })
    const variances = [0.25, 0.04]
    for (const [i, v] of variances.entries()) {
      expect(Math.abs(mean[i]! - exactMean[i]!)).toBeLessThan(4 * Math.sqrt(v / count))
      // A tenth for 100 steps of a method of order 1.
      expect(Math.abs(covariance[3 * i]! / exactCovariance[3 * i]! - 1)).toBeLessThan(
        4 * Math.sqrt(2 / count) + 0.1,
      )
    }
  })

  it('24: inpainting comes nearer to the posterior by correcting', async () => {
    const { exact, predictorAlone, predictorCorrector } = await inpainting.main({ count })
    expect(exact).toEqual([expect.closeTo(1.2, 6), expect.closeTo(0.36, 6)])
    const error = ([mean]: number[]) => Math.abs(mean! - 1.2)
    expect(error(predictorCorrector)).toBeLessThan(error(predictorAlone) / 2)
    expect(error(predictorCorrector)).toBeLessThan(0.2)
    expect(Math.abs(predictorCorrector[1]! - 0.36)).toBeLessThan(4 * 0.36 * Math.sqrt(2 / count) + 0.05)
  })

  it('24: colourisation keeps the grey and draws the colours from the posterior', async () => {
    const { mean, exactMean, covariance, exactCovariance } = await colourisation.main({ count })
    // Where the run ends, α is 0.99995.
    expect((mean[0]! + mean[1]! + mean[2]!) / 3).toBeCloseTo(0.9, 3)
    for (const [i, m] of exactMean.entries()) {
      expect(Math.abs(mean[i]! - m)).toBeLessThan(4 * Math.sqrt(0.0267 / count) + 0.002)
    }
    for (const [i, c] of exactCovariance.entries()) {
      // A tenth for 100 steps of a method of order 1.
      expect(Math.abs(covariance[i]! - c)).toBeLessThan(0.0267 * (4 * Math.sqrt(2 / count) + 0.1))
    }
  })

  it('24: ΠGDM has the exact posterior of y = Ax + n', async () => {
    for (const [error, variance, exact] of Object.values(await inverseProblems.main({ count }))) {
      expect(error!).toBeLessThan(4 * Math.sqrt(exact! / count))
      // At least nine free directions of variance 0.25; 5% for 20 steps of the ODE.
      expect(Math.abs(variance! / exact! - 1)).toBeLessThan(4 * Math.sqrt(2 / (9 * count)) + 0.05)
    }
  })
})

describe('discrete models', () => {
  it('25: convert both ways and sample in few evaluations', async () => {
    const { roundTrip, ...errors } = await discreteModels.main({ count: 100 })
    expect(roundTrip).toBeLessThan(1e-5)
    const [ddim, solver, uniPc, ncsn] = Object.values(errors) as [number, number, number, number]
    // Of data of deviation 1.1; DDIM of order 1 in 50 steps, the others of order 2 and more in 10 to 20.
    expect(ddim).toBeLessThan(0.1)
    expect(solver).toBeLessThan(ddim)
    expect(uniPc).toBeLessThan(0.1)
    expect(ncsn).toBeLessThan(0.02)
  })
})
