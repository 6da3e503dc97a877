import { type LinearSDE, logSnrGrid, type NoiseLevel, noiseLevel, timeOfHalfLogSnr } from '@sgm/sde'
import { mul } from '@sgm/tensor'
import { checkOneOf, expected, optionsOf } from '@sgm/tensor/check'
import { combine } from '../numerics/combine'
import { type Predictions, remember, spaced } from '../numerics/history'
import { integrate, lagrange } from '../numerics/polynomial'
import type { Sampler } from '../types'

/** Options of {@link deis}. */
export interface DeisOptions {
  /** Predicted noises that each step uses, this one's and those of the steps before: 1 to 4. @default 3 */
  readonly order?: number
  /** What the polynomial through them is in: time (tAB) or λ = ln(α/σ) (λAB, log-ρ). @default 'time' */
  readonly variable?: 'time' | 'logSnr'
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
 * @throws TypeError when the options are no object. RangeError when an option is out of its range; while stepping, when a step ends where σ = 0.
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const x = await sample({ process, score }, deis(), {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 20,
 * })
 */
export function deis(options: DeisOptions = {}): Sampler<LinearSDE, Predictions> {
  const { order = 3, variable = 'time' } = optionsOf('deis', options)
  checkOneOf('deis', { order }, [1, 2, 3, 4])
  checkOneOf('deis', { variable }, ['time', 'logSnr'])
  return {
    name: 'deis',
    order,
    evaluationsPerStep: 1,
    defaults: { steps: 30, grid: logSnrGrid() },
    *step({ process, score }, { x, t, s, state: past = [] }) {
      const [from, to] = [noiseLevel(process, t), noiseLevel(process, s)]
      if (!Number.isFinite(to.lambda)) throw expected('deis', 'times at which sigma > 0', s)
      const now = { value: mul(yield* score(x, t), -from.sigma), level: from }
      const state = remember([now, ...past], order)
      const known = spaced(state, to.lambda - from.lambda).slice(0, order)
      const place = (level: NoiseLevel): number => (variable === 'time' ? level.t : level.lambda)
      const placeOf = (lambda: number): number =>
        variable === 'time' ? timeOfHalfLogSnr(process, lambda) : lambda
      const nodes = known.map(({ level }) => place(level))
      const terms = known.map(({ value }, j) => {
        const rate = (lambda: number): number => -Math.exp(-lambda) * lagrange(nodes, j, placeOf(lambda))
        return [to.alpha * integrate(rate, from.lambda, to.lambda), value] as const
      })
      return { x: combine([to.alpha / from.alpha, x], ...terms), state }
    },
  }
}
