import { type Process, reverseStep } from '@sgm/sde'
import { add, mul } from '@sgm/tensor'
import type { Sampler } from '../types'

/**
 * Steps the reverse-time SDE by Euler–Maruyama.
 *
 * x_s = x_t − h (f(t) x_t − g(t)² s(x_t, t)) + √h g(t) z, h = t − s > 0, z ~ N(0, I)
 *
 * Weak order 1. On a general process dx = f(x, t) dt + g(x, t) dw the drift is f − ∇·g² − g² s, and the strong order ½;
 * where g does not depend on x this is Milstein's scheme too, of strong order 1. The mean is x_s without its noise.
 *
 * Reference: Song et al. 2021, "Score-based generative modeling through SDEs", equation 6; Kloeden and Platen
 * 1992, §10.2.
 *
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const x = await sample({ process, score }, eulerMaruyama(), {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 100,
 * })
 */
export function eulerMaruyama(): Sampler<Process> {
  return {
    name: 'eulerMaruyama',
    order: 1,
    evaluationsPerStep: 1,
    backward: true,
    *step({ process, score, noise }, { x, t, s }) {
      const { mean, spread } = reverseStep(process, { x, t, s }, yield* score(x, t))
      return { x: add(mean, mul(noise(), spread)), mean }
    },
  }
}
