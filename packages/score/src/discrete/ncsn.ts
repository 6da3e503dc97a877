import { checkLinearSde, halfLogSnr, type LinearSDE, timeOfHalfLogSnr } from '@sgm/sde'
import { cast, expected, less, matMul, oneHot, reshape, sum, tensor, tidy } from '@sgm/tensor'
import { checkFunctions, checkLists, optionsOf } from '@sgm/tensor/check'
import { checkAt } from '../check-at'
import type { ScoreFunction } from '../types'

/** Options of {@link scoreFromNcsn} and {@link ncsnFromScore}. */
export interface NcsnOptions {
  /** The noise levels by index, falling, all > 0. Index 0 is the strongest noise, as in NCSN. */
  readonly sigmas: readonly number[]
}

/**
 * The score of an NCSN: a noise-conditional score s(x, i) of the levels σ_0 > σ_1 > … becomes, at time t, its score of
 * the level nearest to σ(t) in the logarithm (Song and Ermon 2019; Song et al. 2021, appendix B).
 *
 * @param levels s: x `[B, ...D]`, level index `[B]` (float32) → `[B, ...D]`.
 * @param process A process with α = 1, such as `ve()`.
 * @throws RangeError unless the levels fall and are positive.
 * @example
 * const process = ve()
 * const network = mlp({ dims: 2, time: levelTable({ levels: 10 }) })
 * const ofLevel = bind(network, network.init(key(0)))
 * const sigmas = geometricSigmas({ sigmaMax: 50, sigmaMin: 0.01, levels: 10 })
 * const score = scoreFromNcsn(ofLevel, process, { sigmas })
 */
export function scoreFromNcsn(
  levels: ScoreFunction,
  process: LinearSDE,
  options: NcsnOptions,
): ScoreFunction {
  const { sigmas } = optionsOf('scoreFromNcsn', options, { sigmas: true })
  checkFunctions('scoreFromNcsn', { levels })
  checkLinearSde('scoreFromNcsn', process)
  checkLevels('scoreFromNcsn', sigmas)
  const borders = sigmas.slice(1).map((sigma, i) => Math.sqrt(sigma * sigmas[i]!))
  return (x, t) => {
    checkAt('scoreFromNcsn', x, t)
    return tidy(() => {
      const sigma = reshape(process.marginalAt(t).sigma, [-1, 1])
      const below = cast(less(sigma, tensor([...borders, 0])), 'float32')
      return levels(x, sum(below, 1))
    })
  }
}

/**
 * The other way: a continuous score becomes a function of (x, level index), each index standing for the time at which
 * the process has σ(t)/α(t) = σ_i.
 *
 * @throws RangeError unless the levels fall, are positive and are reached by the process.
 * @example
 * const process = ve()
 * const { score } = gaussianMixture().diffused(process)
 * const sigmas = geometricSigmas({ sigmaMax: 50, sigmaMin: 0.01, levels: 10 })
 * const ofLevel = ncsnFromScore(score, process, { sigmas })
 */
export function ncsnFromScore(score: ScoreFunction, process: LinearSDE, options: NcsnOptions): ScoreFunction {
  const { sigmas } = optionsOf('ncsnFromScore', options, { sigmas: true })
  checkFunctions('ncsnFromScore', { score })
  checkLinearSde('ncsnFromScore', process)
  checkLevels('ncsnFromScore', sigmas)
  const [least, most] = process.interval.map((t) => Math.exp(-halfLogSnr(process, t))) as [number, number]
  // The ends are worked out by another route than the caller's sigmas: allow for rounding.
  const outside = sigmas.find((sigma) => !(sigma > least * (1 - 1e-9) && sigma < most * (1 + 1e-9)))
  if (outside !== undefined) throw expected('ncsnFromScore', `levels in [${least}, ${most}]`, outside)
  const times = sigmas.map((sigma) =>
    timeOfHalfLogSnr(process, -Math.log(Math.min(Math.max(sigma, least), most))),
  )
  return (x, index) => {
    checkAt('ncsnFromScore', x, index)
    if (index.shape.length === 0) throw expected('ncsnFromScore', 'indices of shape [B]', '[]')
    return tidy(() => {
      const chosen = oneHot(cast(index, 'int32'), times.length)
      return score(x, reshape(matMul(chosen, tensor(times, [times.length, 1])), [-1]))
    })
  }
}

function checkLevels(where: string, sigmas: readonly number[]): void {
  checkLists(where, { sigmas })
  const falls = (s: number, i: number) => Number.isFinite(s) && s > 0 && (i === 0 || s < sigmas[i - 1]!)
  if (sigmas.length === 0 || !sigmas.every(falls)) {
    throw expected(where, 'falling sigmas > 0', sigmas)
  }
}
