import { scoped, tidy } from '@sgm/tensor'
import { combine } from '../driver/combine'
import { evaluate } from '../driver/evaluate'
import type { Sampler } from '../types'

/**
 * Steps the probability-flow ODE by Euler's method, in either direction of time.
 *
 * x_s = x_t + (s − t) (f(t) x_t − ½ g(t)² s(x_t, t))
 *
 * Order 1.
 *
 * Reference: Song et al. 2021, "Score-based generative modeling through SDEs", equation 13.
 */
export function odeEuler(): Sampler<undefined> {
  return {
    name: 'ode-euler',
    order: 1,
    evaluationsPerStep: 1,
    defaults: { steps: 1000 },
    init: () => undefined,
    step: (problem, { x, t, s, state }) =>
      scoped(async (own) => {
        const score = own(await evaluate(problem, x, t))
        const h = s - t
        const f = problem.process.drift(t)
        const g = problem.process.diffusion(t)
        return { x: tidy(() => combine([1 + h * f, x], [-0.5 * h * g ** 2, score])), state }
      }),
  }
}
