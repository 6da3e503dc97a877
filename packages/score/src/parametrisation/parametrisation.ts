import { checkLinearSde, type LinearSDE } from '@sgm/sde'
import { checkFunctions, checkMethods, objectOf } from '@sgm/tensor/check'
import { mapNetwork } from '../networks/network'
import type { Network, ScoreFunction } from '../types'

/**
 * A quantity that a network may predict in place of the score, at x_t = αx₀ + σε. The maps take functions to
 * functions, so that a prediction becomes a score for any sampler, and a score whatever another tool expects.
 *
 * All of them assume that the function is, or approximates, a posterior mean given x_t.
 */
export interface Parametrisation extends Maps {
  /**
   * The network whose output is the score that the given network's prediction stands for; its parameters are the same.
   *
   * ```ts
   * const network = noisePrediction.score(mlp(), vp())
   * ```
   */
  score(network: Network, process: LinearSDE): Network
}

/** What makes a {@link Parametrisation}. */
export interface Maps {
  /** The score that a prediction stands for. */
  toScore(prediction: ScoreFunction, process: LinearSDE): ScoreFunction
  /** What a score predicts. */
  fromScore(score: ScoreFunction, process: LinearSDE): ScoreFunction
}

/**
 * A parametrisation by its two maps.
 *
 * @param maps From a prediction to its score, and back.
 * @throws TypeError when a map is no function.
 * @example
 * const halved = parametrisation({
 *   toScore: (f) => (x, t) => mul(f(x, t), 2),
 *   fromScore: (score) => (x, t) => mul(score(x, t), 0.5),
 * })
 * const score = halved.toScore((x) => mul(x, -0.5), vp())
 * await score(tensor([[3]]), tensor([1])).data() // → [-3]
 */
export function parametrisation(maps: Maps): Parametrisation {
  const { toScore, fromScore } = objectOf('parametrisation', maps, 'two maps')
  checkFunctions('parametrisation', { toScore, fromScore })
  return {
    toScore,
    fromScore,
    score(network, process) {
      checkMethods('score', { network }, 'init', 'apply')
      checkLinearSde('score', process)
      return mapNetwork(network, (f) => toScore(f, process))
    },
  }
}

/**
 * The prediction `to` that belongs to the prediction `from`, by way of the score.
 *
 * @param prediction What a network says.
 * @param from What that is.
 * @param to What it is to be.
 * @example
 * const process = vp()
 * const network = mlp({ dims: 2 })
 * const predicted = bind(network, network.init(key(0)))
 * const denoiser = converted(predicted, noisePrediction, dataPrediction, process)
 */
export function converted(
  prediction: ScoreFunction,
  from: Parametrisation,
  to: Parametrisation,
  process: LinearSDE,
): ScoreFunction {
  checkFunctions('converted', { prediction })
  checkMethods('converted', { from, to }, 'toScore', 'fromScore')
  checkLinearSde('converted', process)
  return to.fromScore(from.toScore(prediction, process), process)
}
