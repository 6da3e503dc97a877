import { checkLinearSde, type LinearSDE } from '@sgm/sde'
import { add, clip, div, mul, round, sub, type Tensor, tidy } from '@sgm/tensor'
import { checkFlags, checkFunctions, checkHalfOpen, checkIntegers, optionsOf } from '@sgm/tensor/check'
import { checkAt } from '../check-at'
import { noisePrediction } from '../parametrisation/predictions'
import type { ScoreFunction } from '../types'

/** How the steps 0 … steps − 1 of a discrete diffusion lie on the time axis of a process. */
export interface DdpmOptions {
  /** Number of steps the network was trained with, an integer >= 2. @default 1000 */
  readonly steps?: number
  /**
   * Time of step 0, in [0, T). 0 is the convention of Song et al.'s code: step = 999 t for 1000 steps, which is
   * why continuous-time networks of the field are given 999 t. A network trained by DDPM itself has noised once at step
   * 0; T/steps puts that step where the VP process has nearly the same noise: with β from 0.1 to 20, ᾱ_i agrees with
   * α(t)² to 1e-5 at the first step and 1e-3 everywhere. @default 0
   */
  readonly firstTime?: number
  /** Round to whole steps, for networks that look the step up in a table. @default false */
  readonly round?: boolean
}

/**
 * The score of a DDPM: a noise prediction ε(x, step) trained on steps 0 … steps − 1 becomes −ε(x, step(t))/σ(t)
 * (Song et al. 2021, appendix B; Ho et al. 2020).
 *
 * @param noise ε: x `[B, ...D]`, step `[B]` (float32) → `[B, ...D]`.
 * @param process The continuous form of its schedule; for DDPM's linear β, `vp()`.
 * @throws RangeError when `steps` is no integer >= 2 or `firstTime` lies outside [0, T).
 * @example
 * const process = vp()
 * const network = mlp({ dims: 2 })
 * // Of x and the number of a step.
 * const noise = bind(network, network.init(key(0)))
 * const score = scoreFromDdpm(noise, process)
 */
export function scoreFromDdpm(
  noise: ScoreFunction,
  process: LinearSDE,
  options: DdpmOptions = {},
): ScoreFunction {
  checkFunctions('scoreFromDdpm', { noise })
  const { first, perStep, last } = axisOf('scoreFromDdpm', process, options)
  const stepAt = (t: Tensor): Tensor => {
    const step = div(sub(t, first), perStep)
    return clip(options.round ? round(step) : step, 0, last)
  }
  return noisePrediction.toScore((x, t) => tidy(() => noise(x, stepAt(t))), process)
}

/**
 * The other way: a continuous score becomes ε(x, step) = −σ(t) s(x, t) at t = t(step), for tools that call a network
 * by its step.
 *
 * @throws RangeError as {@link scoreFromDdpm}.
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const noise = ddpmFromScore(score, process) // of the step, as DDPM numbers them
 */
export function ddpmFromScore(
  score: ScoreFunction,
  process: LinearSDE,
  options: DdpmOptions = {},
): ScoreFunction {
  checkFunctions('ddpmFromScore', { score })
  const { first, perStep } = axisOf('ddpmFromScore', process, options)
  const noise = noisePrediction.fromScore(score, process)
  return (x, step) => {
    checkAt('ddpmFromScore', x, step)
    return tidy(() => noise(x, add(mul(step, perStep), first)))
  }
}

function axisOf(where: string, process: LinearSDE, options: DdpmOptions) {
  const {
    steps = 1000,
    firstTime = 0,
    round: whole = false,
  } = optionsOf(where, options, { steps: true, firstTime: true, round: true })
  checkLinearSde(where, process)
  const end = process.interval[1]
  checkIntegers(where, { steps }, 2)
  checkHalfOpen(where, { firstTime }, 0, end)
  checkFlags(where, { round: whole })
  return { first: firstTime, perStep: (end - firstTime) / (steps - 1), last: steps - 1 }
}
