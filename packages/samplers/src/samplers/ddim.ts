import { type NumberSettings, numbersOf, posteriorMean, transition } from '@sgm/sde'
import { add, mul, type Tensor } from '@sgm/tensor'
import { checkFunctions, optionsOf } from '@sgm/tensor/check'
import { combine } from '../numerics/combine'
import { checkedValue } from '../run/checked-value'
import { wait } from '../run/steps'
import type { Sampler } from '../types'

/** The number of {@link ddim}. */
export const ddimNumbers = {
  eta: { summary: 'share of the ancestral noise', default: 0, least: 0, most: 1 },
} as const satisfies NumberSettings

/** Options of {@link ddim}. */
export interface DdimOptions {
  /** Share of the ancestral noise, in [0, 1]: 0 is deterministic, 1 ancestral sampling. @default 0 */
  readonly eta?: number
  /**
   * What becomes of the predicted data, while the predicted noise stays as it is: `clip_sample` of diffusers' DDIM. A limit of both is
   * one of the score.
   * @default they stay as they are
   */
  readonly limit?: (data: Tensor) => Tensor | Promise<Tensor>
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
  const { limit, ...numbers } = optionsOf('ddim', options, { eta: true, limit: true })
  const { eta } = numbersOf('ddim', ddimNumbers, numbers)
  if (limit !== undefined) checkFunctions('ddim', { limit })
  return {
    name: 'ddim',
    order: 1,
    evaluationsPerStep: 1,
    backward: eta > 0,
    defaults: { steps: 100 },
    *step({ process, score, noise }, { x, t, s }) {
      const [from, to] = [process.marginal(t), process.marginal(s)]
      const tau = eta === 0 ? 0 : eta * (to.sigma / from.sigma) * transition(process, s, t).sigma
      const value = yield* score(x, t)
      const onNoise = from.sigma * Math.sqrt(to.sigma ** 2 - tau ** 2)
      const ratio = to.alpha / from.alpha
      const data = limit && (yield* wait(() => limit(posteriorMean(process, x, t, value))))
      if (limit) checkedValue('ddim', 'what limit gives', data!, x.shape)
      const mean = data
        ? combine([to.alpha, data], [-onNoise, value])
        : combine([ratio, x], [ratio * from.sigma ** 2 - onNoise, value])
      return { x: tau === 0 ? mean : add(mean, mul(noise(), tau)), mean }
    },
  }
}
