import { mul, normal, tidy } from '@sgm/tensor'
import { checkFinite, checkFlags, checkPositive, optionsOf } from '@sgm/tensor/check'
import { objective } from '../objective'
import {
  controlledDenoisingError,
  denoisingError,
  levelTensors,
  PERTURBATION,
  type PerturbationDraws,
} from '../perturbed'
import type { Loss } from '../types'

/** Options of {@link denoising}. */
export interface DenoisingOptions {
  /** Standard deviation of the noise, > 0, in units of x. @default 0.1 */
  readonly sigma?: number
  /** Time that the score is given. @default 0 */
  readonly time?: number
  /** Take out the part of the noise that only adds variance: for small σ, at twice the evaluations. @default false */
  readonly controlVariate?: boolean
}

/**
 * Denoising score matching at one noise level, ½‖σs(x + σz) + z‖² with z ~ N(0, I) (Vincent 2011, "A connection between
 * score matching and denoising autoencoders", equation 11, times σ²).
 *
 * Learns the score of the data with noise, not of the data. At its optimum the loss is ½(d − σ²E‖s‖²), not zero.
 *
 * @throws RangeError unless `sigma` > 0 and `time` is finite.
 * @example
 * const loss = denoising({ sigma: 0.5 })
 * const { score } = gaussian()
 * const x = normal(key(0), [64, 2])
 * await item(mean(loss.evaluate(score, x, loss.draw(key(1), x.shape))))
 */
export function denoising(options: DenoisingOptions = {}): Loss {
  const {
    sigma = 0.1,
    time = 0,
    controlVariate = false,
  } = optionsOf('denoising', options, { sigma: true, time: true, controlVariate: true })
  checkFlags('denoising', { controlVariate })
  checkPositive('denoising', { sigma })
  checkFinite('denoising', { time })
  const error = controlVariate ? controlledDenoisingError : denoisingError
  return objective('denoising', PERTURBATION, {
    draw: (key, shape) => ({
      ...levelTensors(Array.from({ length: shape[0]! }, () => ({ time, alpha: 1, sigma, weight: 0.5 }))),
      noise: normal(key, shape),
    }),
    evaluate: (score, x, draws) =>
      tidy(() => mul(draws.weights!, error(score, x, draws as PerturbationDraws))),
  })
}
