import { type NumberSettings, numbersOf, transition } from '@sgm/sde'
import { add, mul } from '@sgm/tensor'
import { optionsOf } from '@sgm/tensor/check'
import { combine } from '../numerics/combine'
import type { Sampler } from '../types'

/** The number of {@link ddim}. */
export const ddimNumbers = {
  eta: { summary: 'share of the ancestral noise', default: 0, least: 0, most: 1 },
} as const satisfies NumberSettings

/** Options of {@link ddim}. */
export interface DdimOptions {
  /** Share of the ancestral noise, in [0, 1]: 0 is deterministic, 1 ancestral sampling. @default 0 */
  readonly eta?: number
}

/**
 * Steps by the predicted data and the predicted noise.
 *
 * x_s = α_s x₀ + √(σ_s² − τ²) ε + τ z with x₀ = (x_t + σ_t² s)/α_t, ε = −σ_t s and
 * τ = η (σ_s/σ_t) √(σ_t² − (α_t/α_s)² σ_s²)
 *
 * Order 1: with η = 0 an exponential integrator of the probability-flow ODE (and then in either direction of
 * time). The mean is x_s without its noise.
 *
 * Reference: Song, Meng and Ermon 2021, "Denoising diffusion implicit models", equations 12 and 16, for any α
 * and σ.
 *
 * @throws TypeError when the options are no object. RangeError when an option is out of its range A run, when eta > 0 and times rise.
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const x = await sample({ process, score }, ddim(), {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 50,
 * })
 */
export function ddim(options: DdimOptions = {}): Sampler {
  const { eta } = numbersOf('ddim', ddimNumbers, optionsOf('ddim', options))
  return {
    name: 'ddim',
    order: 1,
    evaluationsPerStep: 1,
    backward: eta > 0,
    defaults: { steps: 100 },
    *step({ process, score, noise }, { x, t, s }) {
      const [from, to] = [process.marginal(t), process.marginal(s)]
      const tau = eta === 0 ? 0 : eta * (to.sigma / from.sigma) * transition(process, s, t).sigma
      const ratio = to.alpha / from.alpha
      const onScore = from.sigma * (ratio * from.sigma - Math.sqrt(to.sigma ** 2 - tau ** 2))
      const mean = combine([ratio, x], [onScore, yield* score(x, t)])
      return { x: tau === 0 ? mean : add(mean, mul(noise(), tau)), mean }
    },
  }
}
