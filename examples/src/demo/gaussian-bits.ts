import { type BitsPerDimOptions, bitsPerDim } from '@sgm/samplers'

/**
 * Bits per dimension of data under the normal density with the mean and the covariance of others, and with noise of the
 * given deviation added: what a model that knows correlations alone would give.
 *
 * @param seen `[n, dims]`
 * @param unseen `[m, dims]`
 * @returns `[m]`
 */
export function gaussianBits(
  seen: ArrayLike<number>,
  unseen: ArrayLike<number>,
  dims: number,
  noise: number,
  options?: BitsPerDimOptions,
): Float64Array {
  const n = seen.length / dims
  const mean = new Float64Array(dims)
  for (let i = 0; i < seen.length; i++) mean[i % dims]! += seen[i]! / n
  const covariance = Array.from({ length: dims }, (_, j) => new Float64Array(j + 1))
  const centred = new Float64Array(dims)
  for (let row = 0; row < n; row++) {
    for (let j = 0; j < dims; j++) centred[j] = seen[row * dims + j]! - mean[j]!
    for (let j = 0; j < dims; j++) {
      const [line, value] = [covariance[j]!, centred[j]! / n]
      for (let k = 0; k <= j; k++) line[k]! += value * centred[k]!
    }
  }
  for (let j = 0; j < dims; j++) covariance[j]![j]! += noise ** 2
  const factor = cholesky(covariance)
  const logVolume = factor.reduce((sum, line, j) => sum + Math.log(line[j]!), 0)
  return Float64Array.from({ length: unseen.length / dims }, (_, row) => {
    const solved = new Float64Array(dims)
    let square = 0
    for (let j = 0; j < dims; j++) {
      const line = factor[j]!
      let rest = unseen[row * dims + j]! - mean[j]!
      for (let k = 0; k < j; k++) rest -= line[k]! * solved[k]!
      solved[j] = rest / line[j]!
      square += solved[j]! ** 2
    }
    return bitsPerDim(-0.5 * square - logVolume - 0.5 * dims * Math.log(2 * Math.PI), dims, options)
  })
}

/** The lower triangular L of A = LLᵀ, in the place of A. */
function cholesky(a: Float64Array[]): Float64Array[] {
  for (const [j, line] of a.entries()) {
    for (let k = 0; k <= j; k++) {
      const other = a[k]!
      let sum = line[k]!
      for (let i = 0; i < k; i++) sum -= line[i]! * other[i]!
      line[k] = k === j ? Math.sqrt(sum) : sum / other[k]!
    }
  }
  return a
}
