import type { ItoSDE, LinearSDE } from '@sgm/sde'
import { add, grad, mul, scoped, square, sub, sumRows, type Tensor, tidy } from '@sgm/tensor'
import { combine } from '../driver/combine'
import { evaluate } from '../driver/evaluate'
import { isLinear, reverseStep } from '../driver/reverse'
import { backward } from '../driver/time'
import type { Sampler } from '../types'

/**
 * Steps the reverse-time SDE by Milstein's scheme: Euler–Maruyama with the noise's own change along the step.
 *
 * x_s = x_s^EM + ½ g ∂g/∂x ((Δw)² − h), Δw = √h z
 *
 * Strong order 1 for diagonal noise, entry i of g depending on entry i of x alone; weak order 1. The same as
 * Euler–Maruyama on every linear process.
 *
 * Reference: Kloeden and Platen 1992, §10.3.
 */
export function milstein(): Sampler<undefined, LinearSDE | ItoSDE> {
  return {
    name: 'milstein',
    order: 1,
    evaluationsPerStep: 1,
    init: () => undefined,
    step: (problem, { x, t, s, key, normal, state }) =>
      scoped(async (own) => {
        const h = backward('milstein', t, s)
        const { process } = problem
        const score = own(await evaluate(problem, x, t))
        return tidy(() => {
          const { mean, diffusion } = reverseStep(process, { x, t, s }, score)
          const increment = mul(normal(key, x.shape), Math.sqrt(h))
          const moved = add(mean, mul(increment, diffusion))
          if (isLinear(process) || typeof diffusion === 'number') return { x: moved, mean, state }
          // g ∂g/∂x is half the derivative of g²
          const change = grad((at: Tensor) => sumRows(square(process.diffusion(at, t) as Tensor)))(x)
          const spread = mul(change, sub(square(increment), h))
          return { x: combine([1, moved], [0.25, spread]), mean, state }
        })
      }),
  }
}
