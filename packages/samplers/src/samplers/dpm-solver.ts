import { type LinearSDE, logSnrGrid, timeOfHalfLogSnr } from '@sgm/sde'
import { expected, scoped, sub, type Tensor, tidy } from '@sgm/tensor'
import { combine } from '../driver/combine'
import { type Level, levelAt, predictNoise } from '../driver/level'
import type { Problem, Sampler } from '../types'

/** Options of {@link dpmSolver}. */
export interface DpmSolverOptions {
  /** Order and evaluations of a step: 1, 2 or 3. @default 3 */
  readonly order?: number
}

/**
 * Steps the probability-flow ODE exactly in its linear part and by a Taylor expansion of the predicted noise
 * in λ = ln(α/σ), its derivatives taken within the step (DPM-Solver-1, -2, -3), in either time direction.
 *
 * Order 1: x_s = (α_s/α_t) x_t − σ_s (e^h − 1) ε(x_t, t), h = λ_s − λ_t. Order 2 adds −σ_s (e^h − 1)(ε₁ − ε)
 * with ε₁ at λ_t + h/2; order 3 adds −(3σ_s/2)((e^h − 1)/h − 1)(ε₂ − ε) with ε₂ at λ_t + 2h/3.
 *
 * Reference: Lu et al. 2022, "DPM-Solver", algorithms 1 and 2.
 *
 * @throws RangeError when an option is out of its range; while stepping, when a step ends where σ = 0.
 */
export function dpmSolver({ order = 3 }: DpmSolverOptions = {}): Sampler<undefined> {
  if (![1, 2, 3].includes(order)) throw expected('dpmSolver', 'order to be 1, 2 or 3', order)
  const advance = [first, second, third][order - 1]!
  return {
    name: 'dpm-solver',
    order,
    evaluationsPerStep: order,
    defaults: { steps: 12, grid: logSnrGrid() },
    init: () => undefined,
    async step(problem, { x, t, s, state }) {
      const { process } = problem
      const [from, to] = [levelAt(process, t), levelAt(process, s)]
      if (!Number.isFinite(to.lambda)) throw expected('dpmSolver', 'times at which sigma > 0', s)
      return { x: await advance(problem, x, from, to), state }
    },
  }
}

type Advance = (problem: Problem, x: Tensor, from: Level, to: Level) => Promise<Tensor>

const first: Advance = (problem, x, from, to) =>
  scoped(async (own) => {
    const noise = own(await predictNoise(problem, x, from))
    return tidy(() => exponentialEuler(x, noise, from, to))
  })

const second: Advance = (problem, x, from, to) =>
  scoped(async (own) => {
    const growth = Math.expm1(to.lambda - from.lambda)
    const noise = own(await predictNoise(problem, x, from))
    const middle = between(problem.process, from, to, 1 / 2)
    const guess = own(tidy(() => exponentialEuler(x, noise, from, middle)))
    const later = own(await predictNoise(problem, guess, middle))
    return tidy(() =>
      combine([1, exponentialEuler(x, noise, from, to)], [-to.sigma * growth, sub(later, noise)]),
    )
  })

const third: Advance = (problem, x, from, to) =>
  scoped(async (own) => {
    const h = to.lambda - from.lambda
    const noise = own(await predictNoise(problem, x, from))
    const early = between(problem.process, from, to, 1 / 3)
    const late = between(problem.process, from, to, 2 / 3)
    const guess = own(tidy(() => exponentialEuler(x, noise, from, early)))
    const change = own(differenceOf(own(await predictNoise(problem, guess, early)), noise))
    const bend = -2 * late.sigma * curvature((2 / 3) * h)
    const better = own(tidy(() => combine([1, exponentialEuler(x, noise, from, late)], [bend, change])))
    const total = own(differenceOf(own(await predictNoise(problem, better, late)), noise))
    return tidy(() =>
      combine([1, exponentialEuler(x, noise, from, to)], [-1.5 * to.sigma * curvature(h), total]),
    )
  })

/** (α_s/α_t) x − σ_s (e^h − 1) ε */
function exponentialEuler(x: Tensor, noise: Tensor, from: Level, to: Level): Tensor {
  return combine([to.alpha / from.alpha, x], [-to.sigma * Math.expm1(to.lambda - from.lambda), noise])
}

/** (e^h − 1)/h − 1 */
function curvature(h: number): number {
  return Math.abs(h) < 1e-4 ? h / 2 + h ** 2 / 6 : Math.expm1(h) / h - 1
}

function between(process: LinearSDE, from: Level, to: Level, share: number): Level {
  return levelAt(process, timeOfHalfLogSnr(process, from.lambda + share * (to.lambda - from.lambda)))
}

function differenceOf(a: Tensor, b: Tensor): Tensor {
  return tidy(() => sub(a, b))
}
