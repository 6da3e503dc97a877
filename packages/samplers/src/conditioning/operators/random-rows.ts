import { div, type Key, keep, matMul, normal, reshape, type Shape, tidy } from '@sgm/tensor'
import { checkIntegers, checkKeys, optionsOf } from '@sgm/tensor/check'
import { checkedOperator, type HeldOperator } from './linear-operator'
import { sizeOf } from './shapes'

/** Options of {@link randomRowsOperator}. */
export interface RandomRowsOptions {
  /** Decides the rows. */
  readonly key: Key
  /** Number M of measurements, an integer >= 1. */
  readonly rows: number
}

/**
 * The operator of M random rows (compressive sensing): entries N(0, 1/d), d the numbers of a datum, so that rows are about of length 1
 * and of right angles. It holds its matrix, 4 M d bytes, until it is disposed of.
 *
 * Reference: Candès and Tao 2006, "Near-optimal signal recovery from random projections".
 *
 * @param shape Shape of a datum.
 * @throws RangeError when an argument is out of its range.
 * @example
 * const operator = randomRowsOperator([8, 8, 1], { key: key(0), rows: 20 })
 * operator.apply(full([4, 8, 8, 1], 1)).shape // → [4, 20]
 */
export function randomRowsOperator(shape: Shape, options: RandomRowsOptions): HeldOperator {
  const { key, rows } = optionsOf('randomRowsOperator', options, { key: true, rows: true })
  const dims = sizeOf('randomRowsOperator', shape)
  checkKeys('randomRowsOperator', { key })
  checkIntegers('randomRowsOperator', { rows })
  const matrix = keep(tidy(() => div(normal(key, [rows, dims]), Math.sqrt(dims))))
  return checkedOperator<HeldOperator>('randomRowsOperator', {
    domain: [...shape],
    codomain: [rows],
    apply: (x) => tidy(() => matMul(reshape(x, [x.shape[0]!, dims]), matrix, { transposeB: true })),
    adjoint: (y) => tidy(() => reshape(matMul(y, matrix), [y.shape[0]!, ...shape])),
    dispose: () => matrix.dispose(),
  })
}
