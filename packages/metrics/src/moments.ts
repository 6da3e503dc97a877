import { type LongCallOptions, type Pace, paced, type Tensor } from '@sgm/tensor'
import { checkLongCall, optionsOf } from '@sgm/tensor/check'
import { type Rows, rowsOf } from './rows'

/** Mean and covariance of a distribution of rows of d numbers. */
export interface Moments {
  /** d numbers. */
  readonly mean: readonly number[]
  /** d rows of d numbers, symmetric, no eigenvalue below 0. */
  readonly covariance: readonly (readonly number[])[]
}

/**
 * The mean and the covariance (divided by n − 1) of a sample, in float64 on the host.
 *
 * @param x `[n, ...D]`, n >= 2
 * @throws RangeError when the shape does not fit or a value is not finite. The signal's reason, when it ends the call.
 * @example
 * const { mean, covariance } = await moments(
 *   tensor([
 *     [0, 0],
 *     [2, 2],
 *   ]),
 * )
 * mean // → [1, 1]
 * covariance // → [[2, 2], [2, 2]]
 */
export async function moments(x: Tensor, options: LongCallOptions = {}): Promise<Moments> {
  checkLongCall('moments', optionsOf('moments', options, { signal: true, onProgress: true }))
  const rows = await rowsOf('moments', 'x', x)
  return momentsOf(rows, paced(rows.n, options))
}

/** {@link moments} of rows on the host, a row a step. */
export async function momentsOf({ values, n, d }: Rows, pace: Pace): Promise<Moments> {
  const mean = new Array<number>(d).fill(0)
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) mean[k]! += values[i * d + k]! / n
  const products = mean.map((_, k) => new Float64Array(k + 1))
  await pace.each(n, (i) => {
    const row = mean.map((m, k) => values[i * d + k]! - m)
    products.forEach((sums, k) => {
      for (let l = 0; l <= k; l++) sums[l]! += row[k]! * row[l]!
    })
  })
  const covariance = mean.map((_, k) =>
    mean.map((_, l) => products[Math.max(k, l)]![Math.min(k, l)]! / (n - 1)),
  )
  return { mean, covariance }
}
