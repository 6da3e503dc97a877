import { scoped, split, tidy } from '@sgm/tensor'
import { combine } from '../driver/combine'
import { evaluate } from '../driver/evaluate'
import { backward } from '../driver/time'
import type { Sampler } from '../types'

/**
 * Steps the reverse-time SDE by Rößler's two-stage Runge–Kutta method SRA1.
 *
 * H = x_t + ¾h a(x_t, t) + (3/2)(J/h) g(s),
 * x_s = x_t + (h/3) a(x_t, t) + (2h/3) a(H, t − ¾h) + g(s) I + (J/h)(g(t) − g(s)),
 * where a = −f x + g² s, h = t − s > 0, I = √h z₁ and J = (h/2)(I + √(h/3) z₂)
 *
 * Strong order 1.5 and weak order 2, because the noise does not depend on x.
 *
 * Reference: Rößler 2010, "Runge–Kutta methods for the strong approximation of solutions of SDEs", table 6.3.
 */
export function stochasticRungeKutta(): Sampler<undefined> {
  return {
    name: 'stochastic-runge-kutta',
    order: 2,
    evaluationsPerStep: 2,
    init: () => undefined,
    step: (problem, { x, t, s, key, normal, state }) =>
      scoped(async (own) => {
        const h = backward('stochastic-runge-kutta', t, s)
        const { process } = problem
        const middle = t - 0.75 * h
        const [ft, fm] = [process.drift(t), process.drift(middle)]
        const [gt, gm, gs] = [t, middle, s].map((time) => process.diffusion(time)) as [number, number, number]
        const root = Math.sqrt(h)
        const [key1, key2] = split(key) as [typeof key, typeof key]
        const z1 = own(normal(key1, x.shape))
        const z2 = own(normal(key2, x.shape))
        const first = own(await evaluate(problem, x, t))
        const inner = own(
          tidy(() =>
            combine(
              [1 - 0.75 * h * ft, x],
              [0.75 * h * gt ** 2, first],
              [0.75 * root * gs, z1],
              [(0.75 * root * gs) / Math.sqrt(3), z2],
            ),
          ),
        )
        const second = own(await evaluate(problem, inner, middle))
        return {
          x: tidy(() =>
            combine(
              [1 - (h / 3) * ft, x],
              [(h / 3) * gt ** 2, first],
              [(-2 * h * fm) / 3, inner],
              [((2 * h) / 3) * gm ** 2, second],
              [(root * (gs + gt)) / 2, z1],
              [(root * (gt - gs)) / Math.sqrt(12), z2],
            ),
          ),
          state,
        }
      }),
  }
}
