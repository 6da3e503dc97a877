import { reverseCoefficients } from '@sgm/sde'
import { combine } from '../numerics/combine'
import type { Sampler } from '../types'

/**
 * Steps the probability-flow ODE by Euler's method, in either direction of time.
 *
 * x_s = x_t + (s − t) (f(t) x_t − ½ g(t)² s(x_t, t))
 *
 * Order 1.
 *
 * Reference: Song et al. 2021, "Score-based generative modeling through SDEs", equation 13.
 *
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const x = await sample({ process, score }, odeEuler(), {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 100,
 * })
 */
export function odeEuler(): Sampler {
  return {
    name: 'odeEuler',
    order: 1,
    evaluationsPerStep: 1,
    defaults: { steps: 1000 },
    *step({ process, score }, { x, t, s }) {
      const h = s - t
      const { onX, onScore } = reverseCoefficients(process, 0)(t)
      return { x: combine([1 + h * onX, x], [h * onScore, yield* score(x, t)]) }
    },
  }
}
