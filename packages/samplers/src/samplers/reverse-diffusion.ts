import { transition } from '@sgm/sde'
import { add, mul } from '@sgm/tensor'
import { combine } from '../numerics/combine'
import type { Sampler } from '../types'

/**
 * Steps backward by reversing the exact discretisation of the forward process.
 *
 * With x_t = a x_s + √v z forward (a = α_t/α_s, v = σ_t² − a² σ_s²): x_s = (2 − a) x_t + v s(x_t, t) + √v z
 *
 * Weak order 1. The mean is x_s without its noise.
 *
 * Reference: Song et al. 2021, "Score-based generative modeling through SDEs", appendix E.
 *
 * @example
 * const process = ve()
 * const { score } = gaussianMixture().diffused(process)
 * const x = await sample({ process, score }, reverseDiffusion(), {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 100,
 * })
 */
export function reverseDiffusion(): Sampler {
  return {
    name: 'reverseDiffusion',
    order: 1,
    evaluationsPerStep: 1,
    backward: true,
    *step({ process, score, noise }, { x, t, s }) {
      const { alpha, sigma } = transition(process, s, t)
      const mean = combine([2 - alpha, x], [sigma ** 2, yield* score(x, t)])
      return { x: add(mean, mul(noise(), sigma)), mean }
    },
  }
}
