import { checkFinite, checkLists, expected, objectOf, optionsOf } from '@sgm/tensor/check'
import { type Covariance, covarianceBasis, fullCovariance } from './covariance'
import { fromComponents, type GaussianMixture, namedMixture } from './gaussian-mixture'
import type { Components } from './mixture'
import { matrixFunction, multiply, multiplyVector, transposed } from './symmetric'

/** A measurement y = Ax + n with n ~ N(0, noiseCovariance). */
export interface LinearMeasurement {
  /** A: m rows of d numbers. */
  readonly matrix: readonly (readonly number[])[]
  /** y: m numbers. */
  readonly observation: readonly number[]
  /** A variance, a diagonal or a matrix. */
  readonly noiseCovariance: Covariance
}

/**
 * The exact density of x given y = Ax + n, x from a Gaussian mixture: again a Gaussian mixture, in float64. Per component, with the gain
 * K = ΣAᵀ(AΣAᵀ + N)⁻¹, N the covariance of the noise: mean μ + K(y − Aμ), covariance Σ − KAΣ, weight ∝ w N(y; Aμ, AΣAᵀ + N)
 * (Bishop 2006, *Pattern Recognition and Machine Learning*, equations 2.113 to 2.117).
 *
 * @param prior The mixture that x is from.
 * @param measurement A, y and the covariance of the noise.
 * @throws RangeError when the sizes of A, y and the noise do not fit, or AΣAᵀ + N is singular.
 * @example
 * const { mean } = mixturePosterior(gaussian({ mean: [0, 0] }), {
 *   matrix: [[1, 1]],
 *   observation: [3],
 *   noiseCovariance: 1,
 * })
 * mean // → [1, 1]
 */
export function mixturePosterior(prior: GaussianMixture, measurement: LinearMeasurement): GaussianMixture {
  const { weights, means, covariances } = checkedPrior(prior)
  const { matrix, observation, noiseCovariance } = checkedMeasurement(measurement)
  const dims = means[0]!.length
  if (matrix.length === 0 || matrix.length !== observation.length || matrix.some((r) => r.length !== dims)) {
    throw expected(
      'mixturePosterior',
      `${observation.length} rows of ${dims} numbers`,
      `${matrix.length} rows of ${matrix[0]?.length ?? 0}`,
    )
  }
  const noise = fullCovariance('mixturePosterior', noiseCovariance, observation.length)
  const parts = means.map((mean, k) => {
    const covariance = covariances[k]!
    const projected = multiply(matrix, covariance)
    const innovation = multiply(projected, transposed(matrix)).map((row, i) =>
      row.map((v, j) => v + noise[i]![j]!),
    )
    const basis = covarianceBasis('mixturePosterior', symmetrised(innovation))
    if (!basis.values.every((v) => v > 0)) {
      throw expected('mixturePosterior', 'an invertible covariance of y', innovation)
    }
    const precision = matrixFunction(basis, (v) => 1 / v)
    const gain = multiply(transposed(projected), precision)
    const residual = multiplyVector(matrix, mean).map((v, i) => observation[i]! - v)
    const correction = multiply(gain, projected)
    const distance = multiplyVector(precision, residual).reduce((s, v, i) => s + v * residual[i]!, 0)
    return {
      mean: multiplyVector(gain, residual).map((v, i) => mean[i]! + v),
      covariance: symmetrised(covariance.map((row, i) => row.map((v, j) => v - correction[i]![j]!))),
      logWeight: Math.log(weights[k]!) - (distance + basis.values.reduce((s, v) => s + Math.log(v), 0)) / 2,
    }
  })
  const largest = Math.max(...parts.map((p) => p.logWeight))
  const unnormalised = parts.map((p) => Math.exp(p.logWeight - largest))
  const total = unnormalised.reduce((a, b) => a + b, 0)
  return fromComponents('mixturePosterior', {
    weights: unnormalised.map((w) => w / total),
    means: parts.map((p) => p.mean),
    covariances: parts.map((p) => p.covariance),
  })
}

function checkedPrior(prior: Components): Components {
  const { weights, means, covariances } = objectOf('mixturePosterior', prior, 'a Gaussian mixture')
  checkLists('mixturePosterior', {
    'prior.weights': weights,
    'prior.means': means,
    'prior.covariances': covariances,
  })
  return namedMixture('mixturePosterior', { weights, means, covariances })
}

function checkedMeasurement(measurement: LinearMeasurement): LinearMeasurement {
  const names = { matrix: true, observation: true, noiseCovariance: true }
  const { matrix, observation } = optionsOf('mixturePosterior', measurement, names)
  checkLists('mixturePosterior', { matrix, observation })
  checkFinite('mixturePosterior', Object.fromEntries(observation.map((y, i) => [`observation[${i}]`, y])))
  for (const [i, row] of matrix.entries()) {
    checkLists('mixturePosterior', { [`matrix[${i}]`]: row })
    checkFinite('mixturePosterior', Object.fromEntries(row.map((a, j) => [`matrix[${i}][${j}]`, a])))
  }
  return measurement
}

function symmetrised(a: readonly (readonly number[])[]): number[][] {
  return a.map((row, i) => row.map((v, j) => (v + a[j]![i]!) / 2))
}
