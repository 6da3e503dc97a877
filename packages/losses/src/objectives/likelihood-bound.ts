import {
  add,
  expected,
  type Key,
  mul,
  type NamedTensors,
  normal,
  split,
  square,
  sub,
  sumRows,
  type Tensor,
  tidy,
} from '@sgm/tensor'
import { checkFunctions, optionsOf } from '@sgm/tensor/check'
import { objective } from '../objective'
import { columns, denoisingError, levelTensors, PERTURBATION, type PerturbationDraws } from '../perturbed'
import { importanceTimes, type ProcessTimesOptions, processTimes, type TimeSampling } from '../times'
import type { Loss } from '../types'

/** Options of {@link likelihoodBound}. */
export interface LikelihoodBoundOptions extends ProcessTimesOptions {
  /** How times are drawn; the expectation is the same for all. @default `importanceTimes()` */
  readonly times?: TimeSampling
  /** The time ε that the path is followed down to, in the interval of the process. @default `process.cutOffs.likelihood` */
  readonly cutOff?: number
}

/**
 * An upper bound of −log p(x) in nats for the reverse SDE with a score s, one unbiased estimate a row:
 *
 * −log p(x) <= E[−log π(x_T)] − d ln(α_T/α_ε) + ½∫_ε^T (g²/σ²) (E‖σs + z‖² − d) dt
 *              + E½‖z + σ_ε s(x_ε, ε)‖² − d ln α_ε − d/2
 *
 * (Song, Durkan et al. 2021, "Maximum likelihood training of score-based diffusion models", theorem 3, with the
 * Gaussian step from x_ε to x of its appendix B). The bound is met, but for the prior and the last step, by the exact
 * score. Part of ‖z‖² − d, whose mean is zero, is taken off to lower the variance: as much as a score of data of unit variance
 * leaves in the error. As a loss it is maximum-likelihood training; its optimum is the entropy of the data. Divide by d ln 2 for bits/dim.
 *
 * @throws RangeError unless `cutOff` lies in the process's interval and σ > 0 there.
 * @example
 * const loss = likelihoodBound({ process: vp() })
 */
export function likelihoodBound(options: LikelihoodBoundOptions = {}): Loss {
  const { times = importanceTimes(), ...rest } = optionsOf('likelihoodBound', options, {
    process: true,
    stratified: true,
    cutOff: true,
    times: true,
  })
  checkFunctions('likelihoodBound', { times })
  const noisy: TimeSampling = (process, start, end) => {
    if (process.marginal(start).sigma > 0) return times(process, start, end)
    throw expected('likelihoodBound', 'cutOff with noise', start)
  }
  const { process, cutOff, end, density, levels } = processTimes('likelihoodBound', rest, noisy, 'likelihood')
  const first = process.marginal(cutOff)
  const last = process.marginal(end)
  const priorVariance = process.prior.sigma ** 2
  /** What does not depend on the score, for a row of squared norm ‖x‖² and d dimensions. */
  const ends = (x: Tensor): Tensor => {
    const dims = x.shape.slice(1).reduce((a, b) => a * b, 1)
    const perDimension =
      Math.log(2 * Math.PI * priorVariance) / 2 +
      last.sigma ** 2 / (2 * priorVariance) -
      Math.log(last.alpha) -
      1 / 2
    return add(mul(sumRows(square(x)), last.alpha ** 2 / (2 * priorVariance)), dims * perDimension)
  }
  return objective('likelihoodBound', [...PERTURBATION, 'controls', ...START], {
    draw: (key, shape) => {
      const [timeKey, noiseKey, startKey] = split(key, 3) as [Key, Key, Key]
      const path = levels(timeKey, shape[0]!, (time, { alpha, sigma }) => ({
        weight: process.diffusion(time) ** 2 / (2 * sigma ** 2 * density(time)),
        control: (alpha ** 2 / (alpha ** 2 + sigma ** 2)) ** 2,
      }))
      const starts = Array.from({ length: shape[0]! }, () => ({ time: cutOff, ...first, weight: 0.5 }))
      const start = levelTensors(starts)
      return {
        ...columns(path, ['time', 'alpha', 'sigma', 'weight', 'control']),
        noise: normal(noiseKey, shape),
        startTimes: start.times!,
        startAlphas: start.alphas!,
        startSigmas: start.sigmas!,
        startWeights: start.weights!,
        startNoise: normal(startKey, shape),
      }
    },
    evaluate: (score, x, draws) =>
      tidy(() => {
        const path = draws as PerturbationDraws
        const dims = x.shape.slice(1).reduce((a, b) => a * b, 1)
        const surprise = mul(draws.controls!, sub(sumRows(square(path.noise)), dims))
        const excess = sub(sub(denoisingError(score, x, path), dims), surprise)
        const start = startOf(draws)
        const lastStep = mul(start.weights, denoisingError(score, x, start))
        return add(add(ends(x), mul(path.weights, excess)), lastStep)
      }),
  })
}

const START = ['startTimes', 'startAlphas', 'startSigmas', 'startWeights', 'startNoise']

function startOf(draws: NamedTensors): PerturbationDraws {
  return {
    times: draws.startTimes!,
    alphas: draws.startAlphas!,
    sigmas: draws.startSigmas!,
    weights: draws.startWeights!,
    noise: draws.startNoise!,
  }
}
