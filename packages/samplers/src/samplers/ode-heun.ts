import { scoped, tidy } from '@sgm/tensor'
import { combine } from '../driver/combine'
import { evaluate } from '../driver/evaluate'
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
 */
export function odeHeun(): Sampler<undefined> {
  return {
    name: 'ode-heun',
    order: 2,
    evaluationsPerStep: 2,
    defaults: { steps: 100 },
    init: () => undefined,
    step: (problem, { x, t, s, state }) =>
      scoped(async (own) => {
        const h = s - t
        const { process } = problem
        const [ft, fs] = [process.drift(t), process.drift(s)]
        const [vt, vs] = [-0.5 * process.diffusion(t) ** 2, -0.5 * process.diffusion(s) ** 2]
        const first = own(await evaluate(problem, x, t))
        const guess = own(tidy(() => combine([1 + h * ft, x], [h * vt, first])))
        if (process.marginal(s).sigma === 0) return { x: guess, state }
        const second = own(await evaluate(problem, guess, s))
        const half = h / 2
        return {
          x: tidy(() =>
            combine([1 + half * ft, x], [half * vt, first], [half * fs, guess], [half * vs, second]),
          ),
          state,
        }
      }),
  }
}
