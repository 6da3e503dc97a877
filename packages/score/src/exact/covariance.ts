import { expected } from '@sgm/tensor'
import { type Eigenbasis, eigenbasis } from './symmetric'

/** A covariance in one of three forms: variance · I, the diagonal of variances, or the full symmetric matrix. */
export type Covariance = number | readonly number[] | readonly (readonly number[])[]

/**
 * The full d × d matrix of a covariance.
 *
 * @throws RangeError when it is no symmetric matrix of that size.
 */
export function fullCovariance(where: string, covariance: Covariance, dims: number): number[][] {
  const isRow = (row: unknown) => Number.isFinite(row) || (Array.isArray(row) && row.every(Number.isFinite))
  if (!Number.isFinite(covariance) && !(Array.isArray(covariance) && covariance.every(isRow))) {
    throw expected(where, 'a covariance: a finite number, or an array of them or of rows', covariance)
  }
  const rows =
    typeof covariance === 'number'
      ? Array.from({ length: dims }, (_, i) => diagonalRow(dims, i, covariance))
      : (covariance as readonly (number | readonly number[])[]).map((row, i) =>
          typeof row === 'number' ? diagonalRow(dims, i, row) : [...row],
        )
  const tolerance = 1e-12 * Math.max(...rows.flat().map(Math.abs))
  const square = rows.length === dims && rows.every((row) => row.length === dims)
  if (!square || !rows.every((row, i) => row.every((v, j) => Math.abs(v - rows[j]![i]!) <= tolerance))) {
    throw expected(where, `a symmetric ${dims} x ${dims} covariance`, covariance)
  }
  return rows
}

/**
 * Diagonalises a covariance; eigenvalues that rounding left below 0 become 0.
 *
 * @throws RangeError when the covariance has a negative eigenvalue.
 */
export function covarianceBasis(where: string, covariance: readonly (readonly number[])[]): Eigenbasis {
  const { values, axes } = eigenbasis(covariance)
  const smallest = Math.min(...values)
  if (!(smallest >= -1e-12 * Math.max(...values))) {
    throw expected(where, 'a covariance without negative eigenvalues', smallest)
  }
  return { values: values.map((v) => Math.max(v, 0)), axes }
}

function diagonalRow(dims: number, at: number, value: number): number[] {
  return Array.from({ length: dims }, (_, j) => (j === at ? value : 0))
}
