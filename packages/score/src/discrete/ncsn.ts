import type { LinearSDE } from '@sgm/sde'
import { cast, expected, less, matMul, oneHot, reshape, sum, tensor, tidy } from '@sgm/tensor'
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
 */
export function scoreFromNcsn(
  levels: ScoreFunction,
  process: LinearSDE,
  { sigmas }: NcsnOptions,
): ScoreFunction {
  checkLevels('scoreFromNcsn', sigmas)
  const borders = sigmas.slice(1).map((sigma, i) => Math.sqrt(sigma * sigmas[i]!))
  return (x, t) =>
    tidy(() => {
      const sigma = reshape(process.marginalAt(t).sigma, [-1, 1])
      const below = cast(less(sigma, tensor([...borders, 0])), 'float32')
      return levels(x, sum(below, 1))
    })
}

/**
 * The other way: a continuous score becomes a function of (x, level index), each index standing for the time at which
 * the process has σ(t)/α(t) = σ_i, found by bisection in float64.
 *
 * @throws RangeError unless the levels fall, are positive and are reached by the process.
 */
export function ncsnFromScore(
  score: ScoreFunction,
  process: LinearSDE,
  { sigmas }: NcsnOptions,
): ScoreFunction {
  checkLevels('ncsnFromScore', sigmas)
  const times = sigmas.map((sigma) => timeOf('ncsnFromScore', sigma, process))
  return (x, index) =>
    tidy(() => {
      const chosen = oneHot(cast(index, 'int32'), times.length)
      return score(x, reshape(matMul(chosen, tensor(times, [times.length, 1])), [-1]))
    })
}

/** The time of a noise-to-signal ratio, which grows with t. */
function timeOf(where: string, wanted: number, process: LinearSDE): number {
  const ratio = (t: number): number => {
    const { alpha, sigma } = process.marginal(t)
    return sigma / alpha
  }
  let [low, high] = process.interval
  const slack = 1e-9 * wanted
  if (!(ratio(low) <= wanted + slack && ratio(high) >= wanted - slack)) {
    throw expected(where, `levels in [${ratio(low)}, ${ratio(high)}]`, wanted)
  }
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (ratio(middle) < wanted) low = middle
    else high = middle
  }
  return (low + high) / 2
}

function checkLevels(where: string, sigmas: readonly number[]): void {
  if (sigmas.length === 0 || !sigmas.every((s, i) => s > 0 && (i === 0 || s < sigmas[i - 1]!))) {
    throw expected(where, 'falling sigmas > 0', JSON.stringify(sigmas))
  }
}
