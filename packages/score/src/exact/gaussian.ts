import { checkLinearSde, type LinearSDE } from '@sgm/sde'
import { add, matMul, reshape, sub, type Tensor, tensor, tidy } from '@sgm/tensor'
import { checkTensors, expected, optionsOf } from '@sgm/tensor/check'
import { type Covariance, covarianceBasis } from './covariance'
import { type GaussianMixture, namedMixture } from './gaussian-mixture'
import { matrixFunction } from './symmetric'

/** A normal density. */
export interface Gaussian extends GaussianMixture {
  /**
   * The exact map of the probability-flow ODE from time t to time s, either way (host numbers, worked out in float64):
   * x_s = α_sμ + (P_s P_t⁻¹)^½ (x_t − α_tμ) with P = α²Σ + σ²I, which is also the optimal transport between the marginals.
   */
  flow(process: LinearSDE, x: Tensor, t: number, s: number): Tensor
}

/** Options of {@link gaussian}. */
export interface GaussianOptions {
  /** @default (0, 0) */
  readonly mean?: readonly number[]
  /** A variance, a diagonal or a matrix. @default the identity */
  readonly covariance?: Covariance
}

/**
 * The normal density N(mean, covariance): a {@link gaussianMixture} of one component, whose probability flow is known too.
 *
 * @throws RangeError when the covariance is not symmetric and positive semi-definite.
 * @example
 * const { score } = gaussian({ mean: [1, 2], covariance: 4 })
 * score(tensor([[3, 2]])) // → [[-0.5, 0]]
 */
export function gaussian(options: GaussianOptions = {}): Gaussian {
  const { mean = [0, 0], covariance = 1 } = optionsOf('gaussian', options, { mean: true, covariance: true })
  const target = namedMixture('gaussian', { means: [mean], covariances: [covariance] })
  const basis = covarianceBasis('gaussian', target.covariance)
  return {
    ...target,
    flow: (process, x, t, s) => {
      checkLinearSde('gaussian', process)
      checkTensors('gaussian', { x })
      if (x.shape.length === 0) throw expected('gaussian', 'x of shape [B, ...D]', '[]')
      const [from, to] = [process.marginal(t), process.marginal(s)]
      const variance = (level: typeof from, value: number): number =>
        level.alpha ** 2 * value + level.sigma ** 2
      const matrix = matrixFunction(basis, (value) => Math.sqrt(variance(to, value) / variance(from, value)))
      const scaled = (factor: number): Tensor => tensor([mean.map((v) => factor * v)])
      return tidy(() => {
        const rows = sub(reshape(x, [-1, mean.length]), scaled(from.alpha))
        return reshape(add(matMul(rows, tensor(matrix)), scaled(to.alpha)), [-1, ...x.shape.slice(1)])
      })
    },
  }
}
