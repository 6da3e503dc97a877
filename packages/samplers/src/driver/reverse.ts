import type { ItoSDE, LinearSDE } from '@sgm/sde'
import { grad, mul, square, sumRows, type Tensor } from '@sgm/tensor'
import { combine } from './combine'

/** One Euler–Maruyama step of the reverse-time SDE: the mean of x_s, and what the increment of the noise is multiplied by. */
export interface ReverseStep {
  readonly mean: Tensor
  readonly diffusion: number | Tensor
}

/**
 * mean = x − h (f − ∇·G − g² s) with G = diag(g²), where ∇·G is 0 unless g depends on x; the entry i of g may depend on
 * the entry i of x alone.
 *
 * Reference: Anderson 1982; Song et al. 2021, equation 6 and appendix A.
 */
export function reverseStep(
  process: LinearSDE | ItoSDE,
  { x, t, s }: { readonly x: Tensor; readonly t: number; readonly s: number },
  score: Tensor,
): ReverseStep {
  const h = t - s
  if (isLinear(process)) {
    const diffusion = process.diffusion(t)
    return { mean: combine([1 - h * process.drift(t), x], [h * diffusion ** 2, score]), diffusion }
  }
  const drift = process.drift(x, t)
  const diffusion = process.diffusion(x, t)
  if (typeof diffusion === 'number') {
    return { mean: combine([1, x], [-h, drift], [h * diffusion ** 2, score]), diffusion }
  }
  const divergence = grad((at: Tensor) => sumRows(square(process.diffusion(at, t) as Tensor)))(x)
  return {
    mean: combine([1, x], [-h, drift], [mul(square(diffusion), h), score], [h, divergence]),
    diffusion,
  }
}

/** Whether a process has its coefficients as numbers and its marginals in closed form. */
export function isLinear(process: LinearSDE | ItoSDE): process is LinearSDE {
  return 'marginal' in process
}
