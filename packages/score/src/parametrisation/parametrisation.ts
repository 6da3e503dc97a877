import type { LinearSDE } from '@sgm/sde'
import type { ScoreFunction } from '../types'

/**
 * A quantity that a network may predict in place of the score, at x_t = αx₀ + σε. The maps take functions to
 * functions, so that a prediction becomes a score for any sampler, and a score whatever another tool expects.
 *
 * All of them assume that the function is, or approximates, a posterior mean given x_t.
 */
export interface Parametrisation {
  /** The score that a prediction stands for. */
  toScore(prediction: ScoreFunction, process: LinearSDE): ScoreFunction
  /** What a score predicts. */
  fromScore(score: ScoreFunction, process: LinearSDE): ScoreFunction
}

/**
 * The prediction `to` that belongs to the prediction `from`, by way of the score.
 *
 * ```ts
 * const denoiser = converted(network, noisePrediction, dataPrediction, vp())
 * ```
 */
export function converted(
  prediction: ScoreFunction,
  from: Parametrisation,
  to: Parametrisation,
  process: LinearSDE,
): ScoreFunction {
  return to.fromScore(from.toScore(prediction, process), process)
}
