import { add, mul, normal, scoped, tidy } from '@sgm/tensor'
import { combine } from '../driver/combine'
import { evaluate } from '../driver/evaluate'
import { backward } from '../driver/time'
import type { Sampler } from '../types'

/**
 * Steps the reverse-time SDE by Euler–Maruyama.
 *
 * x_s = x_t − h (f(t) x_t − g(t)² s(x_t, t)) + √h g(t) z, h = t − s > 0, z ~ N(0, I)
 *
 * Weak order 1; the noise does not depend on x, so Milstein's scheme is this one and the strong order is 1 too.
 * The mean is x_s without its noise.
 *
 * Reference: Song et al. 2021, "Score-based generative modeling through SDEs", equation 6; Kloeden and Platen
 * 1992, §10.2.
 */
export function eulerMaruyama(): Sampler<undefined> {
  return {
    name: 'euler-maruyama',
    order: 1,
    evaluationsPerStep: 1,
    init: () => undefined,
    step: (problem, { x, t, s, key, state }) =>
      scoped(async (own) => {
        const h = backward('euler-maruyama', t, s)
        const score = own(await evaluate(problem, x, t))
        const f = problem.process.drift(t)
        const g = problem.process.diffusion(t)
        return tidy(() => {
          const mean = combine([1 - h * f, x], [h * g ** 2, score])
          return { x: add(mean, mul(normal(key, x.shape), Math.sqrt(h) * g)), mean, state }
        })
      }),
  }
}
