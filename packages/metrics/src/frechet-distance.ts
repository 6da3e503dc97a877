import { type LongCallOptions, paced, type Tensor } from '@sgm/tensor'
import { checkLongCall, expected, optionsOf } from '@sgm/tensor/check'
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { type Moments, momentsOf } from './moments'
import { pairOf } from './rows'

/**
 * The squared Fréchet distance between the Gaussians with the moments of two samples: of images' features under an
 * Inception network it is the FID (Heusel et al. 2017). Biased upward by the order of d/n.
 *
 * @param x Features, `[n, ...D]`; n should exceed d
 * @param y Features, `[m, ...D]`
 * @param options Progress counts rows, and the distance between their moments, whose d³ operations no signal ends, as one more.
 * @throws RangeError when the shapes do not fit or a value is not finite. The signal's reason, when it ends the call.
 * @example
 * const samples = normal(key(0), [500, 2])
 * await frechetDistance(samples, add(samples, 2)) // → 8
 */
export async function frechetDistance(x: Tensor, y: Tensor, options: LongCallOptions = {}): Promise<number> {
  checkLongCall('frechetDistance', optionsOf('frechetDistance', options, { signal: true, onProgress: true }))
  const [a, b] = await pairOf('frechetDistance', x, y)
  const pace = paced(a.n + b.n + 1, options)
  const distance = gaussianFrechetDistance(await momentsOf(a, pace), await momentsOf(b, pace))
  await pace.step()
  return distance
}

/**
 * The squared Fréchet (Wasserstein-2) distance between two Gaussians, ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2(Σ₁^{½} Σ₂ Σ₁^{½})^{½}).
 *
 * Dowson and Landau 1982, "The Fréchet distance between multivariate normal distributions".
 *
 * @param a Moments of one.
 * @param b Moments of the other.
 * @throws RangeError when the sizes do not fit.
 * @example
 * const covariance = [
 *   [1, 0],
 *   [0, 1],
 * ]
 * const [a, b] = [
 *   [0, 0],
 *   [3, 4],
 * ].map((mean) => ({ mean, covariance }))
 * gaussianFrechetDistance(a!, b!) // → 25
 */
export function gaussianFrechetDistance(a: Moments, b: Moments): number {
  const d = lengthOf(a?.mean)
  const fits =
    d > 0 &&
    [a, b].every(
      (moments) =>
        lengthOf(moments?.mean) === d &&
        lengthOf(moments?.covariance) === d &&
        moments.covariance.every((row) => lengthOf(row) === d) &&
        [moments.mean, ...moments.covariance].flat().every(Number.isFinite),
    )
  if (!fits) throw expected('gaussianFrechetDistance', 'moments of one size', 'others')
  const shift = a.mean.reduce((sum, m, i) => sum + (m - b.mean[i]!) ** 2, 0)
  const [first, second] = [toMatrix(a.covariance), toMatrix(b.covariance)]
  const root = squareRoot(first)
  const cross = spectrum(root.mmul(second).mmul(root)).values.reduce(
    (sum, value) => sum + Math.sqrt(value),
    0,
  )
  return Math.max(0, shift + first.trace() + second.trace() - 2 * cross)
}

const lengthOf = (list: unknown): number => (Array.isArray(list) ? list.length : 0)

function toMatrix(rows: readonly (readonly number[])[]): Matrix {
  return new Matrix(rows.map((row) => [...row]))
}

function squareRoot(symmetric: Matrix): Matrix {
  const { values, axes } = spectrum(symmetric)
  return axes.mmul(Matrix.diag(values.map(Math.sqrt))).mmul(axes.transpose())
}

/** Eigenvalues, those that rounding left below 0 put to 0, and eigenvectors in columns. */
function spectrum(symmetric: Matrix): { values: number[]; axes: Matrix } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, {
    assumeSymmetric: true,
  })
  return { values: realEigenvalues.map((value) => Math.max(0, value)), axes: eigenvectorMatrix }
}
