import type { Tensor } from '@sgm/tensor'
import { Matrix } from 'ml-matrix'
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
 * @throws RangeError when the shape does not fit or a value is not finite.
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
export async function moments(x: Tensor): Promise<Moments> {
  return momentsOf(await rowsOf('moments', 'x', x))
}

/** {@link moments} of rows on the host. */
export function momentsOf({ values, n, d }: Rows): Moments {
  const mean = new Array<number>(d).fill(0)
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) mean[k]! += values[i * d + k]! / n
  const centred = new Matrix(n, d)
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) centred.set(i, k, values[i * d + k]! - mean[k]!)
  return {
    mean,
    covariance: centred
      .transpose()
      .mmul(centred)
      .div(n - 1)
      .to2DArray(),
  }
}
