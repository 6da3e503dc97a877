import { reverseCoefficients } from '@sgm/sde'
import { combine } from '../numerics/combine'
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
 *
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const x = await sample({ process, score }, stochasticRungeKutta(), {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 50,
 * })
 */
export function stochasticRungeKutta(): Sampler {
  return {
    name: 'stochasticRungeKutta',
    order: 2,
    evaluationsPerStep: 2,
    backward: true,
    *step({ process, score, noise }, { x, t, s }) {
      const h = s - t
      const root = Math.sqrt(-h)
      const middle = t + 0.75 * h
      const coefficients = reverseCoefficients(process)
      const [from, to, within] = [coefficients(t), coefficients(s), coefficients(middle)]
      const [z1, z2] = [noise(), noise()]
      const first = yield* score(x, t)
      const inner = combine(
        [1 + 0.75 * h * from.onX, x],
        [0.75 * h * from.onScore, first],
        [0.75 * root * to.noise, z1],
        [(0.75 * root * to.noise) / Math.sqrt(3), z2],
      )
      const second = yield* score(inner, middle)
      return {
        x: combine(
          [1 + (h / 3) * from.onX, x],
          [(h / 3) * from.onScore, first],
          [((2 * h) / 3) * within.onX, inner],
          [((2 * h) / 3) * within.onScore, second],
          [(root * (to.noise + from.noise)) / 2, z1],
          [(root * (from.noise - to.noise)) / Math.sqrt(12), z2],
        ),
      }
    },
  }
}
