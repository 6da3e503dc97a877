import { mul, scoped, tidy } from '@sgm/tensor'
import { combine } from '../driver/combine'
import { evaluate } from '../driver/evaluate'
import { backward } from '../driver/time'
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
 */
export function stochasticHeun(): Sampler<undefined> {
  return {
    name: 'stochastic-heun',
    order: 2,
    evaluationsPerStep: 2,
    init: () => undefined,
    step: (problem, { x, t, s, key, normal, state }) =>
      scoped(async (own) => {
        const h = backward('stochastic-heun', t, s)
        const { process } = problem
        const [ft, fs] = [process.drift(t), process.drift(s)]
        const [vt, vs] = [process.diffusion(t) ** 2, process.diffusion(s) ** 2]
        const first = own(await evaluate(problem, x, t))
        const noise = own(tidy(() => mul(normal(key, x.shape), Math.sqrt((h * (vt + vs)) / 2))))
        const guess = own(tidy(() => combine([1 - h * ft, x], [h * vt, first], [1, noise])))
        if (process.marginal(s).sigma === 0) return { x: guess, state }
        const second = own(await evaluate(problem, guess, s))
        return {
          x: tidy(() =>
            combine(
              [1 - (h * ft) / 2, x],
              [(h * vt) / 2, first],
              [(-h * fs) / 2, guess],
              [(h * vs) / 2, second],
              [1, noise],
            ),
          ),
          state,
        }
      }),
  }
}
