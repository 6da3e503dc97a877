import { checkLinearSde, type LinearSDE } from '@sgm/sde'
import { add, alignRows, div, log, mul, sqrt, square, type Tensor, tidy } from '@sgm/tensor'
import { checkFunctions, checkPositive, checkTensors, optionsOf } from '@sgm/tensor/check'
import { checkAt } from '../check-at'
import type { ScoreFunction } from '../types'
import { dataPrediction } from './predictions'

/** Options of {@link edmPreconditioned}. */
export interface EdmPreconditioningOptions {
  /** Standard deviation of the data, > 0. @default 0.5 */
  readonly sigmaData?: number
}

/** The four coefficients of a preconditioned denoiser D = c_skip x + c_out F(c_in x, c_noise). */
export interface EdmCoefficients {
  readonly skip: Tensor
  readonly out: Tensor
  readonly in: Tensor
  readonly noise: Tensor
}

/**
 * c_skip = σ_d²/(σ² + σ_d²), c_out = σσ_d/√(σ² + σ_d²), c_in = 1/√(σ² + σ_d²), c_noise = ¼ ln σ, all `[B]`
 * (Karras et al. 2022, "Elucidating the design space of diffusion-based generative models", table 1).
 *
 * @param sigma `[B]`, > 0.
 * @param sigmaData Standard deviation of the data.
 * @example
 * const { skip, out } = edmCoefficients(tensor([0.5]), 0.5)
 * skip // → [0.5]
 */
export function edmCoefficients(sigma: Tensor, sigmaData = 0.5): EdmCoefficients {
  checkTensors('edmCoefficients', { sigma })
  checkPositive('edmCoefficients', { sigmaData })
  return tidy(() => {
    const variance = sigmaData ** 2
    const total = add(square(sigma), variance)
    const root = sqrt(total)
    return {
      skip: div(variance, total),
      out: div(mul(sigma, sigmaData), root),
      in: div(1, root),
      noise: mul(log(sigma), 0.25),
    }
  })
}

/**
 * The score of a raw network F under EDM's preconditioning, for any linear SDE: with x̂ = x/α and σ̂ = σ/α,
 * D = c_skip x̂ + c_out F(c_in x̂, c_noise) and s = (αD − x)/σ². Inputs and targets of F have unit variance at every
 * noise level when the data have variance σ_d².
 *
 * @param network F: x `[B, ...D]`, c_noise `[B]` → `[B, ...D]`.
 * @throws RangeError unless `sigmaData` > 0.
 * @example
 * const network = mapNetwork(mlp({ dims: 2 }), (f) => edmPreconditioned(f, vp()))
 */
export function edmPreconditioned(
  network: ScoreFunction,
  process: LinearSDE,
  options: EdmPreconditioningOptions = {},
): ScoreFunction {
  const { sigmaData = 0.5 } = optionsOf('edmPreconditioned', options, { sigmaData: true })
  checkFunctions('edmPreconditioned', { network })
  checkLinearSde('edmPreconditioned', process)
  checkPositive('edmPreconditioned', { sigmaData })
  const denoiser: ScoreFunction = (x, t) => {
    checkAt('edmPreconditioned', x, t)
    const { alpha, sigma } = process.marginalAt(t)
    const c = edmCoefficients(div(sigma, alpha), sigmaData)
    const rescaled = div(x, alignRows(alpha, x))
    const raw = network(mul(alignRows(c.in, x), rescaled), c.noise)
    return add(mul(alignRows(c.skip, x), rescaled), mul(alignRows(c.out, x), raw))
  }
  return dataPrediction.toScore(denoiser, process)
}
