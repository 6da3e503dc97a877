import { heunStep } from '../numerics/heun'
import type { Sampler } from '../types'

/**
 * Steps the probability-flow ODE by Heun's method, in either direction of time: the velocity averaged over
 * both ends of the step.
 *
 * x̂ = x_t + h v(x_t, t), x_s = x_t + (h/2)(v(x_t, t) + v(x̂, s)), where v = f x − ½ g² s and h = s − t
 *
 * Order 2. A step that ends where σ = 0, and the score is not defined, is Euler's.
 *
 * Reference: Song et al. 2021, "Score-based generative modeling through SDEs", equation 13; Hairer, Nørsett
 * and Wanner 1993, §II.1.
 *
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const x = await sample({ process, score }, odeHeun(), {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 50,
 * })
 */
export function odeHeun(): Sampler {
  return {
    name: 'odeHeun',
    order: 2,
    evaluationsPerStep: 2,
    defaults: { steps: 100 },
    *step(context, step) {
      return { x: yield* heunStep(context, step, 0) }
    },
  }
}
