import { mul } from '@sgm/tensor'
import { heunStep } from '../numerics/heun'
import type { Sampler } from '../types'

/**
 * Steps the reverse-time SDE by Heun's method: the drift averaged over both ends of the step, the noise shared.
 *
 * x̂ = x_t + h a(x_t, t) + w, x_s = x_t + (h/2)(a(x_t, t) + a(x̂, s)) + w, where a = −f x + g² s, h = t − s > 0 and
 * w = √(h (g(t)² + g(s)²)/2) z
 *
 * Weak order 2 because the noise does not depend on x. A step that ends where σ = 0 is Euler–Maruyama's.
 *
 * Reference: Kloeden and Platen 1992, §15.1, for additive noise.
 *
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const x = await sample({ process, score }, stochasticHeun(), {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 50,
 * })
 */
export function stochasticHeun(): Sampler {
  return {
    name: 'stochasticHeun',
    order: 2,
    evaluationsPerStep: 2,
    backward: true,
    *step(context, step) {
      const { process, noise } = context
      const { t, s } = step
      const variance = ((t - s) * (process.diffusion(t) ** 2 + process.diffusion(s) ** 2)) / 2
      return { x: yield* heunStep(context, step, 1, mul(noise(), Math.sqrt(variance))) }
    },
  }
}
