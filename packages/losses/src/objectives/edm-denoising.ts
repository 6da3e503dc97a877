import { add, div, exp, mul, normal, onesLike, split, square, tidy } from '@sgm/tensor'
import { checkFinite, checkPositive, optionsOf } from '@sgm/tensor/check'
import { objective } from '../objective'
import { denoisingError, PERTURBATION, type PerturbationDraws } from '../perturbed'
import type { Loss } from '../types'

/** Options of {@link edmDenoising}. */
export interface EdmDenoisingOptions {
  /** Standard deviation of the data, > 0. @default 0.5 */
  readonly sigmaData?: number
  /** Mean of ln σ. @default −1.2 */
  readonly logMean?: number
  /** Standard deviation of ln σ, > 0. @default 1.2 */
  readonly logStd?: number
}

/**
 * EDM's loss λ(σ)‖D(x + σz; σ) − x‖² with D = x + σ²s, λ = (σ² + σ_d²)/(σσ_d)² and ln σ ~ N(logMean, logStd²) (Karras et
 * al. 2022, equation 8 and table 1). Written by the score: (σ² + σ_d²)/σ_d² · ‖σs + z‖².
 *
 * For the process `edm()`, whose time is its noise level: the score is given t = σ. Goes with `edmPreconditioned`.
 *
 * @throws RangeError unless `sigmaData` and `logStd` are > 0 and `logMean` is finite.
 * @example
 * const loss = edmDenoising({ sigmaData: 0.5 })
 */
export function edmDenoising(options: EdmDenoisingOptions = {}): Loss {
  const {
    sigmaData = 0.5,
    logMean = -1.2,
    logStd = 1.2,
  } = optionsOf('edmDenoising', options, { sigmaData: true, logMean: true, logStd: true })
  checkPositive('edmDenoising', { sigmaData })
  checkFinite('edmDenoising', { logMean })
  checkPositive('edmDenoising', { logStd })
  return objective('edmDenoising', PERTURBATION, {
    draw: (key, shape) => {
      const [levelKey, noiseKey] = split(key)
      return tidy(() => {
        const sigmas = exp(add(mul(normal(levelKey, [shape[0]!]), logStd), logMean))
        return {
          times: mul(sigmas, 1),
          alphas: onesLike(sigmas),
          sigmas,
          weights: add(square(div(sigmas, sigmaData)), 1),
          noise: normal(noiseKey, shape),
        }
      })
    },
    evaluate: (score, x, draws) =>
      tidy(() => mul(draws.weights!, denoisingError(score, x, draws as PerturbationDraws))),
  })
}
