import { karrasGrid, timeOfHalfLogSnr } from '@sgm/sde'
import { expected, scoped, type Tensor, tidy } from '@sgm/tensor'
import { nonNegative } from '../driver/check'
import { combine } from '../driver/combine'
import { type Level, levelAt, predictNoise } from '../driver/level'
import { backward } from '../driver/time'
import type { Problem, Sampler } from '../types'

/** Options of {@link edmHeun}. */
export interface EdmHeunOptions {
  /** S_churn, >= 0: how much noise is added over the run; 0 is deterministic. @default 0 */
  readonly churn?: number
  /** S_min, >= 0: σ/α from which noise is added. @default 0 */
  readonly churnFrom?: number
  /** S_max, >= churnFrom: σ/α up to which noise is added. @default Infinity */
  readonly churnTo?: number
  /** S_noise, > 0: standard deviation of that noise. @default 1 */
  readonly noise?: number
}

/**
 * Raises the noise level a little, then steps the probability-flow ODE down by Heun's method in ρ = σ/α.
 *
 * In y = x/α: ρ̂ = ρ_t (1 + γ), ŷ = y_t + S_noise √(ρ̂² − ρ_t²) z, d = ε(ŷ, ρ̂), y′ = ŷ + (ρ_s − ρ̂) d,
 * y_s = ŷ + ½ (ρ_s − ρ̂)(d + ε(y′, ρ_s)); γ = min(S_churn/N, √2 − 1) while S_min <= ρ_t <= S_max
 *
 * Order 2; 1 where γ is at its bound √2 − 1, which does not fall with the step. Any linear process will do;
 * ρ̂ stays within what the process reaches. A step that ends where σ = 0 is Euler's.
 *
 * Reference: Karras et al. 2022, "Elucidating the design space of diffusion-based generative models",
 * algorithm 2.
 *
 * @throws RangeError when an option is out of its range; while stepping, when churn > 0 and times rise.
 */
export function edmHeun({
  churn = 0,
  churnFrom = 0,
  churnTo = Number.POSITIVE_INFINITY,
  noise = 1,
}: EdmHeunOptions = {}): Sampler<undefined> {
  nonNegative('edmHeun', { churn, churnFrom })
  if (!(churnTo >= churnFrom)) throw expected('edmHeun', 'churnTo >= churnFrom', churnTo)
  if (!(noise > 0 && Number.isFinite(noise))) throw expected('edmHeun', 'noise > 0', noise)
  return {
    name: 'edm-heun',
    order: 2,
    evaluationsPerStep: 2,
    defaults: { steps: 40, grid: karrasGrid() },
    init: () => undefined,
    step: (problem, { x, t, s, key, normal, state, times }) =>
      scoped(async (own) => {
        const { process } = problem
        const [start, to] = [levelAt(process, t), levelAt(process, s)]
        const rho = start.sigma / start.alpha
        const churns = churn > 0 && rho >= churnFrom && rho <= churnTo
        if (!churns) return { x: await heun(problem, x, start, to), state }
        backward('edmHeun', t, s)
        const gamma = Math.min(churn / (times.length - 1), Math.SQRT2 - 1)
        const lowest = levelAt(process, process.interval[1]).lambda
        const lambda = Math.max(start.lambda - Math.log1p(gamma), lowest)
        const from = levelAt(process, timeOfHalfLogSnr(process, lambda))
        const spread = noise * from.alpha * Math.sqrt(Math.max(0, Math.exp(-2 * lambda) - rho ** 2))
        const raised = own(tidy(() => combine([from.alpha / start.alpha, x], [spread, normal(key, x.shape)])))
        return { x: await heun(problem, raised, from, to), state }
      }),
  }
}

function heun(problem: Problem, x: Tensor, from: Level, to: Level): Promise<Tensor> {
  return scoped(async (own) => {
    const h = to.sigma / to.alpha - from.sigma / from.alpha
    const ratio = to.alpha / from.alpha
    const first = own(await predictNoise(problem, x, from))
    const guess = tidy(() => combine([ratio, x], [to.alpha * h, first]))
    if (to.sigma === 0) return guess
    const second = own(await predictNoise(problem, own(guess), to))
    const half = (to.alpha * h) / 2
    return tidy(() => combine([ratio, x], [half, first], [half, second]))
  })
}
