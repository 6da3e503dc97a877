import { expected, objectOf } from '@sgm/tensor/check'
import { checkLinearSde, MARGINAL } from './check-process'
import type { LinearSDE, Marginal } from './types'

/**
 * The log signal-to-noise ratio ln(α²/σ²) at time t; falls with t (Kingma et al. 2021). Infinite where σ = 0.
 *
 * @example
 * logSnr(edm(), 1) // → 0
 */
export function logSnr(process: LinearSDE, t: number): number {
  return 2 * lambdaOf('logSnr', process, t)
}

/**
 * λ(t) = ln(α/σ), the variable in which the fast solvers step (Lu et al. 2022, DPM-Solver).
 *
 * @example
 * halfLogSnr(edm(), 1) // → 0
 */
export function halfLogSnr(process: LinearSDE, t: number): number {
  return lambdaOf('halfLogSnr', process, t)
}

function lambdaOf(where: string, process: LinearSDE, t: number): number {
  checkLinearSde(where, process)
  return lambdaAt(where, process, t)
}

function lambdaAt(where: string, process: LinearSDE, t: number): number {
  const { alpha, sigma } = objectOf(where, process.marginal(t), MARGINAL)
  return Math.log(alpha) - Math.log(sigma)
}

/**
 * The time at which {@link logSnr} has the given value: its inverse, by bisection down to neighbouring float64 times.
 *
 * @param value log(α² / σ²).
 * @throws RangeError when the process does not reach that value.
 * @example
 * timeOfLogSnr(edm(), 0) // → 1
 */
export function timeOfLogSnr(process: LinearSDE, value: number): number {
  if (typeof value !== 'number') throw expected('timeOfLogSnr', 'value to be a number', value)
  return timeOf('timeOfLogSnr', process, value / 2)
}

/**
 * The time at which {@link halfLogSnr} has the given value. @throws RangeError when the process does not reach it.
 *
 * @example
 * timeOfHalfLogSnr(edm(), 0) // → 1
 */
export function timeOfHalfLogSnr(process: LinearSDE, lambda: number): number {
  return timeOf('timeOfHalfLogSnr', process, lambda)
}

function timeOf(where: string, process: LinearSDE, lambda: number): number {
  checkLinearSde(where, process)
  if (typeof lambda !== 'number') throw expected(where, 'lambda to be a number', lambda)
  const [start, end] = process.interval
  const [high, low] = [lambdaAt(where, process, start), lambdaAt(where, process, end)]
  const slack = 1e-12 * Math.max(1, Math.abs(lambda))
  if (!(lambda <= high + slack && lambda >= low - slack)) {
    throw expected(where, `lambda in [${low}, ${high}]`, lambda)
  }
  let left = start
  let right = end
  for (;;) {
    const middle = left + (right - left) / 2
    if (!(middle > left && middle < right)) return lambda >= high ? start : right
    if (lambdaAt(where, process, middle) > lambda) left = middle
    else right = middle
  }
}

/** A time of a linear process by what the fast solvers step in. */
export interface NoiseLevel extends Marginal<number> {
  readonly t: number
  /** λ = ln(α/σ); infinite where σ = 0. */
  readonly lambda: number
}

/**
 * The noise level at time t.
 *
 * @example
 * noiseLevel(edm(), 1) // → { t: 1, alpha: 1, sigma: 1, lambda: 0 }
 */
export function noiseLevel(process: LinearSDE, t: number): NoiseLevel {
  return levelAt('noiseLevel', process, t)
}

function levelAt(where: string, process: LinearSDE, t: number): NoiseLevel {
  return { lambda: lambdaOf(where, process, t), t, ...process.marginal(t) }
}

/**
 * The noise level at which λ is the given one. @throws RangeError when the process does not reach it.
 *
 * @example
 * noiseLevelOf(edm(), 0).t // → 1
 */
export function noiseLevelOf(process: LinearSDE, lambda: number): NoiseLevel {
  return levelAt('noiseLevelOf', process, timeOf('noiseLevelOf', process, lambda))
}
