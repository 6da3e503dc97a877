import type { ItoSDE, LinearSDE } from '@sgm/sde'
import { add, mul, scoped, tidy } from '@sgm/tensor'
import { evaluate } from '../driver/evaluate'
import { reverseStep } from '../driver/reverse'
import { backward } from '../driver/time'
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
 */
export function eulerMaruyama(): Sampler<undefined, LinearSDE | ItoSDE> {
  return {
    name: 'euler-maruyama',
    order: 1,
    evaluationsPerStep: 1,
    init: () => undefined,
    step: (problem, { x, t, s, key, normal, state }) =>
      scoped(async (own) => {
        const h = backward('eulerMaruyama', t, s)
        const score = own(await evaluate(problem, x, t))
        return tidy(() => {
          const { mean, diffusion } = reverseStep(problem.process, { x, t, s }, score)
          const noise = mul(
            normal(key, x.shape),
            typeof diffusion === 'number' ? Math.sqrt(h) * diffusion : mul(diffusion, Math.sqrt(h)),
          )
          return { x: add(mean, noise), mean, state }
        })
      }),
  }
}
