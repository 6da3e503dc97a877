import { logSnrGrid } from '@sgm/sde'
import { add, expected, mul, normal, scoped, type Tensor, tidy } from '@sgm/tensor'
import { combine } from '../driver/combine'
import { type Prediction, remember, spaced } from '../driver/history'
import { levelAt, predictData } from '../driver/level'
import { backward } from '../driver/time'
import type { Sampler } from '../types'

/** Options of {@link dpmSolverPlusPlus}. */
export interface DpmSolverPlusPlusOptions {
  /** 1: the last step's prediction is not used; 2: it is (2M). @default 2 */
  readonly order?: number
  /** Solve the reverse SDE instead of the probability-flow ODE. @default false */
  readonly stochastic?: boolean
}

/** Predicted data and their levels, the newest first. */
export interface DpmSolverPlusPlusState {
  readonly history: readonly Prediction[]
}

/**
 * Steps by the predicted data x₀, extrapolated linearly in λ = ln(α/σ) from the last step to this one (2M).
 *
 * x_s = (σ_s/σ_t) x_t + α_s (1 − e^{−h}) D, D = x₀ + (h/2h′)(x₀ − x₀′), h = λ_s − λ_t, primes of the last
 * step
 *
 * The stochastic variant: x_s = (σ_s/σ_t) e^{−h} x_t + α_s (1 − e^{−2h}) D + σ_s √(1 − e^{−2h}) z.
 *
 * Order as the option says (the first step alone is of order 1), of the law in the stochastic variant. A step
 * that ends where σ = 0 returns x₀.
 *
 * Reference: Lu et al. 2022, "DPM-Solver++", algorithm 2 and appendix C.
 *
 * @throws RangeError when an option is out of its range; while stepping, when `stochastic` and times rise.
 */
export function dpmSolverPlusPlus({
  order = 2,
  stochastic = false,
}: DpmSolverPlusPlusOptions = {}): Sampler<DpmSolverPlusPlusState> {
  if (![1, 2].includes(order)) throw expected('dpmSolverPlusPlus', 'order to be 1 or 2', order)
  return {
    name: 'dpm-solver-plus-plus',
    order,
    evaluationsPerStep: 1,
    defaults: { steps: stochastic ? 40 : 25, grid: logSnrGrid() },
    init: () => ({ history: [] }),
    step: (problem, { x, t, s, key, state }) =>
      scoped(async (own) => {
        if (stochastic) backward('dpmSolverPlusPlus', t, s)
        const [from, to] = [levelAt(problem.process, t), levelAt(problem.process, s)]
        const h = to.lambda - from.lambda
        const data = own(await predictData(problem, x, from))
        const history = remember([{ value: data, level: from }, ...state.history], order)
        const past = order === 2 && Number.isFinite(h) ? spaced(history, h)[1] : undefined
        const slope = past ? h / (2 * (from.lambda - past.level.lambda)) : 0
        const decay = stochastic ? Math.exp(-h) : 1
        const gain = -to.alpha * Math.expm1(stochastic ? -2 * h : -h)
        const next = tidy(() => {
          const before: [number, Tensor][] = past ? [[-gain * slope, past.value]] : []
          const mean = combine([(to.sigma / from.sigma) * decay, x], [gain * (1 + slope), data], ...before)
          if (!stochastic) return { x: mean }
          const spread = to.sigma * Math.sqrt(-Math.expm1(-2 * h))
          return { x: add(mean, mul(normal(key, x.shape), spread)), mean }
        })
        return { ...next, state: { history } }
      }),
  }
}
