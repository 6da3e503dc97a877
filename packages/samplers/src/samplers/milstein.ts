import { isLinear, type Process, reverseStep } from '@sgm/sde'
import { add, mul, square, sub } from '@sgm/tensor'
import { combine } from '../numerics/combine'
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
 *
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const x = await sample({ process, score }, milstein(), {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 100,
 * })
 */
export function milstein(): Sampler<Process> {
  return {
    name: 'milstein',
    order: 1,
    evaluationsPerStep: 1,
    backward: true,
    *step({ process, score, noise }, { x, t, s }) {
      const { mean, spread } = reverseStep(process, { x, t, s }, yield* score(x, t))
      const z = noise()
      const moved = add(mean, mul(z, spread))
      if (isLinear(process) || typeof spread === 'number') return { x: moved, mean }
      // g ∂g/∂x is half the divergence of g², which the reverse step has asked for too
      const change = mul(process.diffusionDivergence!(x, t), sub(square(z), 1))
      return { x: combine([1, moved], [0.25 * (t - s), change]), mean }
    },
  }
}
