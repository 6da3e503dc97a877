import { add, mul, scoped, tidy } from '@sgm/tensor'
import { combine } from '../driver/combine'
import { evaluate } from '../driver/evaluate'
import { backward, transition } from '../driver/time'
import type { Sampler } from '../types'

/**
 * Steps backward by reversing the exact discretisation of the forward process.
 *
 * With x_t = a x_s + √v z forward (a = α_t/α_s, v = σ_t² − a² σ_s²): x_s = (2 − a) x_t + v s(x_t, t) + √v z
 *
 * Weak order 1. The mean is x_s without its noise.
 *
 * Reference: Song et al. 2021, "Score-based generative modeling through SDEs", appendix E.
 */
export function reverseDiffusion(): Sampler<undefined> {
  return {
    name: 'reverse-diffusion',
    order: 1,
    evaluationsPerStep: 1,
    init: () => undefined,
    step: (problem, { x, t, s, key, normal, state }) =>
      scoped(async (own) => {
        backward('reverse-diffusion', t, s)
        const { ratio, variance } = transition(problem.process, t, s)
        const score = own(await evaluate(problem, x, t))
        return tidy(() => {
          const mean = combine([2 - ratio, x], [variance, score])
          return { x: add(mean, mul(normal(key, x.shape), Math.sqrt(variance))), mean, state }
        })
      }),
  }
}
