import { transition } from '@sgm/sde'
import { add, exp, mul, type Tensor } from '@sgm/tensor'
import { checkFloats, checkOneOf, optionsOf } from '@sgm/tensor/check'
import { combine } from '../numerics/combine'
import { wait } from '../run/steps'
import type { Sampler } from '../types'

/** Options of {@link ancestral}. */
export interface AncestralOptions {
  /**
   * Variance of the noise: `'posterior'` is σ_s² v/σ_t², that of x_s given x_t and x_0 (β̃ of DDPM; the published VE
   * sampler); `'transition'` is v, that of x_t given x_s (β of DDPM; the published VP sampler).
   * A function gives v in [−1, 1], `[B, ...D]`, between the logarithms of the two, −1 the posterior: the learned range of improved DDPM.
   * @default 'posterior'
   */
  readonly variance?: 'posterior' | 'transition' | ((x: Tensor, t: number) => Tensor | Promise<Tensor>)
}

/**
 * Steps backward by the Gaussian x_s | x_t, x_0 with x_0 replaced by its posterior mean: DDPM's sampler, for every
 * linear process in one formula.
 *
 * With a = α_t/α_s and v = σ_t² − a² σ_s²: x_s = (x_t + v s(x_t, t))/a + √var z
 *
 * Weak order 1. The mean is x_s without its noise.
 *
 * Reference: Ho et al. 2020, "Denoising diffusion probabilistic models", algorithm 2; Song et al. 2021, equation 4 and
 * appendix F; Nichol and Dhariwal 2021, "Improved denoising diffusion probabilistic models", equation 15.
 *
 * @throws TypeError when the options are no object. RangeError for another variance.
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const x = await sample({ process, score }, ancestral(), {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 50,
 * })
 */
export function ancestral(options: AncestralOptions = {}): Sampler {
  const { variance = 'posterior' } = optionsOf('ancestral', options, { variance: true })
  if (typeof variance !== 'function') checkOneOf('ancestral', { variance }, ['posterior', 'transition'])
  return {
    name: 'ancestral',
    order: 1,
    evaluationsPerStep: 1,
    backward: true,
    *step({ process, score, noise }, { x, t, s }) {
      const { alpha, sigma } = transition(process, s, t)
      const narrower = process.marginal(s).sigma / process.marginal(t).sigma
      const mean = combine([1 / alpha, x], [sigma ** 2 / alpha, yield* score(x, t)])
      const z = noise()
      if (typeof variance === 'string') {
        return { x: add(mean, mul(z, (variance === 'posterior' ? narrower : 1) * sigma)), mean }
      }
      // σ narrower^{(1 − v)/2}
      const share = yield* wait(() => variance(x, t))
      checkFloats('ancestral', { 'what variance gives': share })
      const power = mul(add(share, -1), -0.5 * Math.log(narrower))
      return { x: narrower === 0 ? mean : add(mean, mul(z, mul(exp(power), sigma))), mean }
    },
  }
}
