import { halfLogSnr, type LinearSDE } from '@sgm/sde'
import { scoped, type Tensor, tidy } from '@sgm/tensor'
import type { Problem } from '../types'
import { combine } from './combine'
import { evaluate } from './evaluate'

/** A noise level of a process as the exponential integrators see it. */
export interface Level {
  readonly t: number
  readonly alpha: number
  readonly sigma: number
  /** λ = ln(α/σ); infinite where σ = 0. */
  readonly lambda: number
}

/** The noise level at time t. */
export function levelAt(process: LinearSDE, t: number): Level {
  return { t, ...process.marginal(t), lambda: halfLogSnr(process, t) }
}

/** The noise that the score sees in x, ε = −σ s(x, t): `[B, ...D]`, the caller's to free. */
export function predictNoise(problem: Problem, x: Tensor, { t, sigma }: Level): Promise<Tensor> {
  return scoped(async (own) => {
    const score = own(await evaluate(problem, x, t))
    return tidy(() => combine([-sigma, score]))
  })
}

/** The data that the score sees behind x, x₀ = (x + σ² s(x, t)) / α: `[B, ...D]`, the caller's to free. */
export function predictData(problem: Problem, x: Tensor, { t, alpha, sigma }: Level): Promise<Tensor> {
  return scoped(async (own) => {
    const score = own(await evaluate(problem, x, t))
    return tidy(() => combine([1 / alpha, x], [sigma ** 2 / alpha, score]))
  })
}
