import { describe, expect, it } from 'vitest'
import * as langevin from './07-langevin'
import * as lostWeights from './09-lost-weights'
import * as noiseLevels from './11-noise-levels'
import * as noiseConditional from './12-noise-conditional'
import * as annealed from './13-annealed-langevin'

describe('Langevin dynamics', () => {
  it('7: has the stationary variance of its step, adjusted the exact one', async () => {
    const found = await langevin.main({ chains: 200, steps: 200 })
    expect(found.stationaryVariance).toBeCloseTo(4 / 3, 12)
    // The variance is a mean of squares, which are correlated less than the draws: ESS serves as their number.
    const relative = (ess: number) => 4 * Math.sqrt(2 / ess)
    expect(Math.abs((found.variance * 3) / 4 - 1)).toBeLessThan(relative(found.effectiveSampleSize))
    expect(Math.abs(found.adjustedVariance - 1)).toBeLessThan(relative(found.adjustedEffectiveSampleSize))
    // Draws that are AR(1) with factor ρ = 1 − ε = ½ are worth (1 − ρ)/(1 + ρ) = ⅓ of independent ones.
    expect(found.effectiveSampleSize / (200 * 170)).toBeCloseTo(1 / 3, 1)
    expect(found.rHat).toBeLessThan(1.02)
    expect(found.acceptance).toBeGreaterThan(0.85)
    expect(found.acceptance).toBeLessThan(0.97)
  })

  it('9: loses the weights 1:4', async () => {
    const chains = 640
    const { weights, found } = await lostWeights.main({ chains, steps: 100 })
    expect(weights).toEqual([0.2, 0.8])
    // The border x + y = −0.14 divides the square in shares 0.491 and 0.509.
    expect(Math.abs(found[0]! - 0.491)).toBeLessThan(4 * Math.sqrt(0.25 / chains))
  })

  it('11: chooses levels from data', async () => {
    const sigmaMin = 0.05
    const { sigmas, levels, stepSize } = await noiseLevels.main({ count: 500, sigmaMin })
    expect(sigmas).toHaveLength(levels)
    // The largest distance is about the outer ring's diameter; in two dimensions the ratio reaches its limit of 2.
    expect(sigmas[0]!).toBeGreaterThan(5.5)
    expect(sigmas[0]!).toBeLessThan(7)
    expect(levels).toBe(Math.floor(1 + Math.log2(sigmas[0]! / sigmaMin)))
    // (1 − η)^{2T}(γ² − b) + b, which the step minimises, is flat there.
    const [eta, ratio] = [stepSize / sigmaMin ** 2, sigmas[0]! / sigmas[1]!]
    const variance = (e: number) => (1 - e) ** 10 * (ratio ** 2 - 2 / (2 - e)) + 2 / (2 - e)
    expect(variance(eta)).toBeLessThan(Math.min(variance(eta - 0.01), variance(eta + 0.01)))
  })

  it('12: samples by a learned noise-conditional score', async () => {
    const found = await noiseConditional.main({ steps: 600, chains: 300 })
    // In units of the noise, for which the score 0 has an error of up to d = 2.
    expect(found.error).toBeLessThan(0.1)
    expect(found.errorOfAverage).toBeLessThan(0.05)
    // Four standard errors, and as much for what the score is off where the modes part.
    const slack = 4 * Math.sqrt((0.2 * 0.8) / 300)
    expect(Math.abs(found.found[1]! - 0.8)).toBeLessThan(2 * slack)
  })

  it('13: recovers the weights 1:4 by annealing, and denoises last', async () => {
    const chains = 1000
    const found = await annealed.main({ chains })
    expect(Math.abs(found.found[0]! - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / chains) + 0.01)
    // Of N(0, 0.26 I), what the last level leaves, 1 − e^{−0.5²/0.52} = 0.38 lies within 0.5; the posterior means all do.
    const near = found.nearWithoutDenoising[0]! + found.nearWithoutDenoising[1]!
    expect(Math.abs(near - 0.38)).toBeLessThan(4 * Math.sqrt((0.38 * 0.62) / chains) + 0.05)
    expect(found.nearWithDenoising[0]! + found.nearWithDenoising[1]!).toBe(1)
  })
})
