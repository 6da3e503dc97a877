import { logSnrGrid, timeOfHalfLogSnr } from '@sgm/sde'
import { expected, scoped, type Tensor, tidy } from '@sgm/tensor'
import { combine } from '../driver/combine'
import { type Prediction, remember, spaced } from '../driver/history'
import { type Level, levelAt, predictNoise } from '../driver/level'
import { integrate, lagrange } from '../driver/polynomial'
import type { Sampler } from '../types'

/** Options of {@link deis}. */
export interface DeisOptions {
  /** Predicted noises that each step uses, this one's and those of the steps before: 1 to 4. @default 3 */
  readonly order?: number
  /** What the polynomial through them is in: time (tAB) or λ = ln(α/σ) (λAB, log-ρ). @default 'time' */
  readonly variable?: 'time' | 'logSnr'
}

/** Predicted noises and their levels, the newest first. */
export interface DeisState {
  readonly history: readonly Prediction[]
}

/**
 * Steps the probability-flow ODE exactly in its linear part, with the predicted noise extrapolated by the
 * polynomial through its last values (exponential Adams–Bashforth), in either direction of time.
 *
 * x_s/α_s = x_t/α_t + Σ_j ε_j ∫ ℓ_j dρ over the step, where ρ = σ/α and ℓ_j are the Lagrange polynomials of
 * the past times
 *
 * Order as the option says. The first steps use what past there is, which matters little where a run starts
 * at the prior: the predicted noise hardly changes there.
 *
 * Reference: Zhang and Chen 2023, "Fast sampling of diffusion models with exponential integrator", equations
 * 14 and 15.
 *
 * @throws RangeError when an option is out of its range; while stepping, when a step ends where σ = 0.
 */
export function deis({ order = 3, variable = 'time' }: DeisOptions = {}): Sampler<DeisState> {
  if (![1, 2, 3, 4].includes(order)) throw expected('deis', 'order to be 1, 2, 3 or 4', order)
  if (variable !== 'time' && variable !== 'logSnr') {
    throw expected('deis', "variable to be 'time' or 'logSnr'", variable)
  }
  return {
    name: 'deis',
    order,
    evaluationsPerStep: 1,
    defaults: { steps: 30, grid: logSnrGrid() },
    init: () => ({ history: [] }),
    step: (problem, { x, t, s, state }) =>
      scoped(async (own) => {
        const { process } = problem
        const [from, to] = [levelAt(process, t), levelAt(process, s)]
        if (!Number.isFinite(to.lambda)) throw expected('deis', 'times at which sigma > 0', s)
        const value = own(await predictNoise(problem, x, from))
        const history = remember([{ value, level: from }, ...state.history], order)
        const known = spaced(history, to.lambda - from.lambda).slice(0, order)
        const place = (level: Level): number => (variable === 'time' ? level.t : level.lambda)
        const placeOf = (lambda: number): number =>
          variable === 'time' ? timeOfHalfLogSnr(process, lambda) : lambda
        const nodes = known.map(({ level }) => place(level))
        const terms = known.map((past, j): [number, Tensor] => {
          const rate = (lambda: number): number => -Math.exp(-lambda) * lagrange(nodes, j, placeOf(lambda))
          return [to.alpha * integrate(rate, from.lambda, to.lambda), past.value]
        })
        return { x: tidy(() => combine([to.alpha / from.alpha, x], ...terms)), state: { history } }
      }),
  }
}
