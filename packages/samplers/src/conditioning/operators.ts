import {
  add,
  div,
  expandDims,
  expected,
  matMul,
  mul,
  reshape,
  type Shape,
  type Tensor,
  tensor,
  tidy,
} from '@sgm/tensor'
import { checkLists } from '@sgm/tensor/check'
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'

/** A linear measurement A of each datum: all that conditional samplers ask of it. Pure; may be traced. */
export interface LinearOperator {
  /** A: x `[B, ...D]` → `[B, M]` */
  apply(x: Tensor): Tensor
  /** Aᵀ: `[B, M]` → `[B, ...D]`, for data of the given shape. */
  adjoint(y: Tensor, shape: Shape): Tensor
  /** (c AAᵀ + v I)⁻¹ r: r `[B, M]`, c `[B]`, v >= 0 → `[B, M]` */
  solve(r: Tensor, c: Tensor, v: number): Tensor
}

/**
 * The operator of a matrix of M rows of d numbers, acting on each datum flattened.
 *
 * @param rows Of the matrix, each as long as a datum has numbers.
 * @throws RangeError unless the rows have one length and are linearly independent.
 * @example
 * const operator = matrixOperator([[0.5, 0.5]]) // the mean of two numbers is seen
 * operator.apply(tensor([[3, 5]])) // → [[4]]
 */
export function matrixOperator(rows: readonly (readonly number[])[]): LinearOperator {
  checkLists('matrixOperator', { rows, ...rows })
  const dims = rows[0]?.length ?? 0
  if (dims === 0 || rows.some((row) => row.length !== dims || !row.every(Number.isFinite))) {
    throw expected('matrixOperator', 'rows of one length >= 1, all finite', rows)
  }
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
  return {
    apply: (x) => tidy(() => matMul(reshape(x, [x.shape[0]!, dims]), matrix(), { transposeB: true })),
    adjoint: (y, shape) => tidy(() => reshape(matMul(y, matrix()), shape)),
    solve: (r, c, v) =>
      tidy(() => {
        const spectrum = add(mul(expandDims(c, 1), tensor([realEigenvalues])), v)
        return matMul(div(matMul(r, basis()), spectrum), basis(), { transposeB: true })
      }),
  }
}

/**
 * The operator that keeps the entries of each datum where `mask` is 1 and sets the others to 0 (inpainting).
 *
 * @param mask 0 or 1, of the shape of a datum `[...D]`, row-major.
 * @throws RangeError when an entry is neither 0 nor 1.
 * @example
 * const operator = maskOperator([1, 0]) // of two numbers, the first is seen
 * operator.apply(tensor([[3, 4]])) // → [[3, 0]]
 */
export function maskOperator(mask: readonly number[]): LinearOperator {
  checkLists('maskOperator', { mask })
  if (mask.length === 0 || !mask.every((m) => m === 0 || m === 1)) {
    throw expected('maskOperator', 'entries of 0 or 1', mask.find((m) => m !== 0 && m !== 1) ?? 'none')
  }
  const kept = () => tensor([[...mask]])
  const hidden = () => tensor([mask.map((m) => 1 - m)])
  const rowsOf = (x: Tensor): Tensor => reshape(x, [x.shape[0]!, mask.length])
  return {
    apply: (x) => tidy(() => mul(rowsOf(x), kept())),
    adjoint: (y, shape) => tidy(() => reshape(mul(y, kept()), shape)),
    // Hidden entries are measured as 0 exactly: any positive number will do for their variance.
    solve: (r, c, v) => tidy(() => div(mul(r, kept()), add(add(mul(expandDims(c, 1), kept()), hidden()), v))),
  }
}
