import { type LinearSDE, logSnrGrid, type NoiseLevel, noiseLevel, timeOfHalfLogSnr } from '@sgm/sde'
import { mul } from '@sgm/tensor'
import { checkOneOf, optionsOf } from '@sgm/tensor/check'
import { combine } from '../numerics/combine'
import {
  checkOrders,
  type FinalOrders,
  orderOf,
  type Predictions,
  remember,
  spaced,
} from '../numerics/history'
import { integrate, lagrange } from '../numerics/polynomial'
import type { Sampler } from '../types'

/** Options of {@link deis}. */
export interface DeisOptions extends FinalOrders {
  /** Predicted noises that each step uses, this one's and those of the steps before: 1 to 4. @default 3 */
  readonly order?: number
  /**
   * What the polynomial through them is in: time (tAB), λ = ln(α/σ) (λAB, log-ρ), or ρ = σ/α (ρAB, k-diffusion's LMS). A step to σ = 0 is one
   * in ρ.
   * @default 'logSnr'
   */
  readonly variable?: 'time' | 'logSnr' | 'rho'
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
 * @throws TypeError when the options are no object. RangeError when an option is out of its range.
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
  const {
    order = 3,
    variable = 'logSnr',
    lowerOrderFinal = false,
  } = optionsOf('deis', options, { lowerOrderFinal: true, order: true, variable: true })
  checkOrders('deis', order, { lowerOrderFinal }, [1, 2, 3, 4])
  checkOneOf('deis', { variable }, ['time', 'logSnr', 'rho'])
  return {
    name: 'deis',
    order,
    evaluationsPerStep: 1,
    defaults: { steps: 30, grid: logSnrGrid() },
    *step({ process, score }, { x, t, s, state: past = [], ...run }) {
      const [from, to] = [noiseLevel(process, t), noiseLevel(process, s)]
      const h = to.lambda - from.lambda
      const now = { value: mul(yield* score(x, t), -from.sigma), level: from }
      const state = remember([now, ...past], order)
      const known = spaced(state, Number.isFinite(h) ? h : 0, orderOf(order, lowerOrderFinal, run))
      const { node, along, density, place } = variables[Number.isFinite(h) ? variable : 'rho'](process)
      const nodes = known.map(({ level }) => node(level))
      const terms = known.map(({ value }, j) => {
        const rate = (u: number): number => density(u) * lagrange(nodes, j, place(u))
        return [to.alpha * integrate(rate, along(from), along(to)), value] as const
      })
      return { x: combine([to.alpha / from.alpha, x], ...terms), state }
    },
  }
}

const rho = ({ alpha, sigma }: NoiseLevel): number => sigma / alpha
const lambda = ({ lambda }: NoiseLevel): number => lambda
const same = (u: number): number => u

/** What the integral over dρ runs along, its density there, and the polynomial's variable at it. */
interface Variable {
  node(level: NoiseLevel): number
  along(level: NoiseLevel): number
  density(u: number): number
  place(u: number): number
}

const alongLambda = { along: lambda, density: (u: number) => -Math.exp(-u) }

const variables: Record<NonNullable<DeisOptions['variable']>, (process: LinearSDE) => Variable> = {
  time: (process) => ({ ...alongLambda, node: ({ t }) => t, place: (u) => timeOfHalfLogSnr(process, u) }),
  logSnr: () => ({ ...alongLambda, node: lambda, place: same }),
  rho: () => ({ node: rho, along: rho, density: () => 1, place: same }),
}
