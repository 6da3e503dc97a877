import {
  karrasGrid,
  type NoiseLevel,
  type NumberSettings,
  noiseLevel,
  noiseLevelOf,
  numbersOf,
} from '@sgm/sde'
import { mul, type Tensor } from '@sgm/tensor'
import { checkAtLeast, checkPositive, expected, optionsOf } from '@sgm/tensor/check'
import { combine } from '../numerics/combine'
import type { Steps } from '../run/steps'
import type { Context, Sampler } from '../types'

/** The number of {@link edmHeun} that is offered by name. */
export const edmHeunNumbers = {
  churn: { summary: 'noise that is added back', default: 0, least: 0 },
} as const satisfies NumberSettings

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
 * @throws TypeError when the options are no object. RangeError when an option is out of its range. A run, when churn > 0 and times rise.
 * @example
 * const process = edm()
 * const { score } = gaussianMixture().diffused(process)
 * const x = await sample({ process, score }, edmHeun(), {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 18,
 * })
 */
export function edmHeun(options: EdmHeunOptions = {}): Sampler {
  const {
    churnFrom = 0,
    churnTo = Infinity,
    noise = 1,
    ...numbers
  } = optionsOf('edmHeun', options, { churn: true, churnFrom: true, churnTo: true, noise: true })
  const { churn } = numbersOf('edmHeun', edmHeunNumbers, numbers)
  checkAtLeast('edmHeun', { churnFrom }, 0)
  checkPositive('edmHeun', { noise })
  if (!(typeof churnTo === 'number' && churnTo >= churnFrom))
    throw expected('edmHeun', 'churnTo >= churnFrom', churnTo)
  return {
    name: 'edmHeun',
    order: 2,
    evaluationsPerStep: 2,
    backward: churn > 0,
    defaults: { steps: 40, grid: karrasGrid() },
    *step(context, { x, t, s, times }) {
      const { process, noise: draw } = context
      const [start, to] = [noiseLevel(process, t), noiseLevel(process, s)]
      const rho = start.sigma / start.alpha
      if (!(churn > 0 && rho >= churnFrom && rho <= churnTo)) return { x: yield* heun(context, x, start, to) }
      const gamma = Math.min(churn / (times.length - 1), Math.SQRT2 - 1)
      const lowest = noiseLevel(process, process.interval[1]).lambda
      const from = noiseLevelOf(process, Math.max(start.lambda - Math.log1p(gamma), lowest))
      const spread = noise * from.alpha * Math.sqrt(Math.max(0, Math.exp(-2 * from.lambda) - rho ** 2))
      const raised = combine([from.alpha / start.alpha, x], [spread, draw()])
      return { x: yield* heun(context, raised, from, to) }
    },
  }
}

function* heun({ score }: Context, x: Tensor, from: NoiseLevel, to: NoiseLevel): Steps<Tensor> {
  const h = to.sigma / to.alpha - from.sigma / from.alpha
  const ratio = to.alpha / from.alpha
  const first = mul(yield* score(x, from.t), -from.sigma)
  const guess = combine([ratio, x], [to.alpha * h, first])
  if (to.sigma === 0) return guess
  const second = mul(yield* score(guess, to.t), -to.sigma)
  const half = (to.alpha * h) / 2
  return combine([ratio, x], [half, first], [half, second])
}
