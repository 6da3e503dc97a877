import { add, div, expandDims, expected, matMul, reshape, type Shape, tensor, tidy } from '@sgm/tensor'
import { checkLists } from '@sgm/tensor/check'
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { checkedOperator, type LinearOperator } from './linear-operator'
import { sizeOf } from './shapes'

/**
 * The operator of a matrix of M rows of d numbers, acting on each datum flattened.
 *
 * @param rows Of the matrix, each as long as a datum has numbers.
 * @param domain Shape of a datum, d numbers in all. `@default [d]`
 * @throws RangeError unless the rows have one length, that of the domain, and are linearly independent.
 * @example
 * const operator = matrixOperator([[0.5, 0.5]]) // the mean of two numbers is seen
 * operator.apply(tensor([[3, 5]])) // → [[4]]
 */
export function matrixOperator(rows: readonly (readonly number[])[], domain?: Shape): LinearOperator {
  checkLists('matrixOperator', { rows, ...rows })
  const dims = rows[0]?.length ?? 0
  if (dims === 0 || rows.some((row) => row.length !== dims || !row.every(Number.isFinite))) {
    throw expected('matrixOperator', 'rows of one length >= 1, all finite', rows)
  }
  const shape = domainOf('matrixOperator', dims, domain)
  const a = new Matrix(rows.map((row) => [...row]))
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(a.mmul(a.transpose()), {
    assumeSymmetric: true,
  })
  const largest = Math.max(...realEigenvalues)
  if (!(Math.min(...realEigenvalues) > 1e-10 * largest)) {
    throw expected('matrixOperator', 'linearly independent rows', `${rows.length} rows of lower rank`)
  }
  const matrix = () => tensor(rows.map((row) => [...row]))
  const basis = () => tensor(eigenvectorMatrix.to2DArray())
  const adjoint: LinearOperator['adjoint'] = (y) =>
    tidy(() => reshape(matMul(y, matrix()), [y.shape[0]!, ...shape]))
  return checkedOperator('matrixOperator', {
    domain: shape,
    codomain: [rows.length],
    apply: (x) => tidy(() => matMul(reshape(x, [x.shape[0]!, dims]), matrix(), { transposeB: true })),
    adjoint,
    // Aᵀ(AAᵀ + λ I)⁻¹ r, in the basis that AAᵀ is diagonal in.
    invert: (r, lambda) =>
      tidy(() => {
        const spectrum = add(expandDims(lambda, 1), tensor([realEigenvalues]))
        return adjoint(matMul(div(matMul(r, basis()), spectrum), basis(), { transposeB: true }))
      }),
  })
}

function domainOf(where: string, dims: number, domain: Shape = [dims]): Shape {
  if (sizeOf(where, domain) !== dims) throw expected(where, `a domain of ${dims} numbers`, [...domain])
  return [...domain]
}
