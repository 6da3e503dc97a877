import { grad, mul, square, sum, type Tensor } from '@sgm/tensor'
import { checkFinite, checkFloats, optionsOf } from '@sgm/tensor/check'
import { checkItoSde } from './check-process'
import type { ItoSDE } from './types'

/**
 * A general Itô process dx = f(x, t) dt + g(x, t) dw, the entry i of g depending on the entry i of x alone, with what its
 * reversal needs beside f and g: the divergence of diag(g²), from the derivative of g (Anderson 1982; Song et al. 2021, appendix A).
 *
 * @param options The interval, f and g, and where it is known in closed form ∇·diag(g²), which replaces the derived one.
 * @throws RangeError when the interval does not rise. TypeError when f or g is missing.
 * @example
 * const geometric = itoSde({
 *   interval: [0, 1],
 *   drift: (x) => mul(x, 0.5),
 *   diffusion: (x) => mul(x, 2),
 * })
 * geometric.diffusionDivergence(tensor([[1, 2]]), 0.5) // → [[8, 16]]
 */
export function itoSde(options: ItoSDE): Required<ItoSDE> {
  optionsOf('itoSde', options, { interval: true, drift: true, diffusion: true, diffusionDivergence: true })
  checkItoSde('itoSde', options)
  const varianceOf = (x: Tensor, t: number): Tensor => {
    const g = options.diffusion(x, t)
    return typeof g === 'number' ? mul(x, 0) : square(g)
  }
  const diffusionDivergence = (x: Tensor, t: number): Tensor => {
    checkFloats('diffusionDivergence', { x })
    checkFinite('diffusionDivergence', { t })
    return grad((at: Tensor) => sum(varianceOf(at, t)))(x)
  }
  return { diffusionDivergence, ...options }
}
