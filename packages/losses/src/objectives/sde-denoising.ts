import type { Marginal } from '@sgm/sde'
import { expected, mul, normal, split, tidy } from '@sgm/tensor'
import { checkFlags, checkFunctions, optionsOf } from '@sgm/tensor/check'
import { objective } from '../objective'
import {
  controlledDenoisingError,
  denoisingError,
  levelTensors,
  PERTURBATION,
  type PerturbationDraws,
} from '../perturbed'
import { type ProcessTimesOptions, processTimes, type TimeSampling } from '../times'
import type { Loss } from '../types'
import { balanced, type Weighting } from '../weighting'

/** Options of {@link sdeDenoising}. */
export interface SdeDenoisingOptions extends ProcessTimesOptions {
  /** λ(t), >= 0. @default `balanced`, λ = σ² */
  readonly weighting?: Weighting
  /** How times are drawn. The expected loss is the same for all; its variance is not. @default `uniformTimes` */
  readonly times?: TimeSampling
  /** Take out the part of the noise that only adds variance: for small σ, at twice the evaluations. @default false */
  readonly controlVariate?: boolean
}

/**
 * Denoising score matching in continuous time, λ(t)‖s(x_t, t) − ∇ log p_{0t}(x_t | x)‖² with x_t = αx + σz, averaged over
 * t uniform in [cutOff, T] (Song et al. 2021, "Score-based generative modeling through stochastic differential equations",
 * equation 7). No factor ½, as published. For λ = σ² each row is ‖σs + z‖².
 *
 * Times from another distribution enter with the weight that leaves the expectation as it is.
 *
 * @throws RangeError unless `cutOff` lies in the process's interval; when drawing, unless λ is finite and >= 0.
 * @example
 * const process = vp()
 * const network = mlp({ dims: 2 })
 * const data = stream(twoMoons, { size: 64, key: key(0) })
 * const loss = sdeDenoising({ process })
 * const run = train({ model: network, loss, data, steps: 10, key: key(1) })
 * for await (const { step, loss } of run) console.log(step, loss)
 */
export function sdeDenoising(options: SdeDenoisingOptions = {}): Loss {
  const {
    weighting = balanced,
    times,
    controlVariate = false,
    ...rest
  } = optionsOf('sdeDenoising', options, {
    process: true,
    stratified: true,
    cutOff: true,
    weighting: true,
    times: true,
    controlVariate: true,
  })
  checkFlags('sdeDenoising', { controlVariate })
  checkFunctions('sdeDenoising', { weighting })
  const { process, cutOff, end, density, levels } = processTimes('sdeDenoising', rest, times)
  const error = controlVariate ? controlledDenoisingError : denoisingError
  const weightAt = (time: number, { sigma }: Marginal<number>): { weight: number } => {
    const weight = weighting(process, time) / (sigma ** 2 * density(time) * (end - cutOff))
    if (!(weight >= 0 && Number.isFinite(weight))) {
      throw expected('sdeDenoising', `a finite weighting >= 0 at t = ${time}`, weight)
    }
    return { weight }
  }
  return objective('sdeDenoising', PERTURBATION, {
    draw: (key, shape) => {
      const [timeKey, noiseKey] = split(key)
      return { ...levelTensors(levels(timeKey, shape[0]!, weightAt)), noise: normal(noiseKey, shape) }
    },
    evaluate: (score, x, draws) =>
      tidy(() => mul(draws.weights!, error(score, x, draws as PerturbationDraws))),
  })
}
