import {
  checkAtLeast,
  checkFunctions,
  checkLists,
  checkPositive,
  checkRising,
  optionsOf,
} from '@sgm/tensor/check'
import { checkTimes, numeric, within } from './check-process'
import { type ProcessOptions, scaledCutOffs } from './closed-form'
import { withCutOffs } from './cut-offs'
import { karrasGrid } from './grids/karras'
import { solveMarginals } from './marginals'
import { gaussianPrior } from './prior'
import type { LinearSDE } from './types'

/** A linear SDE by its coefficients alone: options of {@link integratedSde}. */
export interface IntegratedSdeOptions extends ProcessOptions {
  /** f(t), finite inside the interval. */
  readonly drift: (t: number) => number
  /** g(t) >= 0, finite inside the interval and > 0 near its start. */
  readonly diffusion: (t: number) => number
  /** The times that the process runs over. @default [0, 1] */
  readonly interval?: readonly [start: number, end: number]
  /** Standard deviation of the kernel at the start, >= 0. @default 0 */
  readonly startSigma?: number
  /** Standard deviation of the prior. @default sigma at the end of the interval */
  readonly priorSigma?: number
}

/**
 * Makes a linear forward process dx = f(t) x dt + g(t) dw of f and g alone. The marginals are integrated numerically:
 * ln α = ∫f and σ² = ∫ g(s)² exp(2∫ₛᵗ f) ds by adaptive Gauss–Kronrod quadrature, float64, to a relative 1e-12 on the host.
 *
 * `marginalAt` reads a table of cubic Hermite pieces between 513 times, closer together near the start; for smooth coefficients it is
 * within 1e-6 of `marginal`, relatively, from 1e-9 of the interval's length on (below, σ keeps its value there).
 *
 * @throws RangeError when an option is out of its range, or a coefficient cannot be integrated.
 * @example
 * const process = integratedSde({ drift: () => -1, diffusion: () => Math.SQRT2 })
 * process.marginal(0.5).alpha // → 0.6065
 */
export function integratedSde(options: IntegratedSdeOptions): LinearSDE {
  const {
    interval = [0, 1],
    startSigma = 0,
    grid = karrasGrid(),
  } = optionsOf('integratedSde', options, {
    cutOffs: true,
    grid: true,
    drift: true,
    diffusion: true,
    interval: true,
    startSigma: true,
    priorSigma: true,
  })
  checkFunctions('integratedSde', { drift: options.drift, diffusion: options.diffusion, grid })
  const drift = numeric('integratedSde', 'drift', options.drift)
  const diffusion = numeric('integratedSde', 'diffusion', options.diffusion)
  checkLists('integratedSde', { interval })
  checkRising('integratedSde', { 'interval start': interval[0], 'interval end': interval[1] })
  checkAtLeast('integratedSde', { startSigma }, 0)
  const cutOffs = withCutOffs('integratedSde', scaledCutOffs(interval), options.cutOffs, interval)
  const solution = solveMarginals({ drift, diffusion, interval, startSigma })
  const at = within('integratedSde', interval)
  const priorSigma = options.priorSigma ?? solution.at(interval[1]).sigma
  checkPositive('integratedSde', { priorSigma })
  return {
    interval,
    cutOffs,
    grid,
    drift: at(drift),
    diffusion: at(diffusion),
    marginal: at(solution.at),
    marginalAt: (t) => {
      checkTimes('integratedSde', t)
      return solution.atTensor(t)
    },
    prior: gaussianPrior(priorSigma),
  }
}
