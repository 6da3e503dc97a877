/** A symmetric matrix as Q diag(values) Qᵀ. */
export interface Eigenbasis {
  /** Eigenvalues, in the order of the columns of `axes`. */
  readonly values: readonly number[]
  /** Q: orthonormal eigenvectors in its columns. */
  readonly axes: readonly (readonly number[])[]
}

/**
 * Diagonalises a symmetric matrix in float64 by cyclic Jacobi rotations (Golub and Van Loan, *Matrix
 * Computations*, algorithm 8.5.3): slow beside other methods, but small eigenvalues come out as exact as large ones.
 */
export function eigenbasis(matrix: readonly (readonly number[])[]): Eigenbasis {
  const a = matrix.map((row) => Float64Array.from(row))
  const q = a.map((_, i) => Float64Array.from(a, (_, j) => Number(i === j)))
  for (let sweep = 0; sweep < 60 && sweepOnce(a, q); sweep++);
  return { values: a.map((row, i) => row[i]!), axes: q.map((row) => [...row]) }
}

/** Q diag(f(values)) Qᵀ: a function of a symmetric matrix, such as its inverse or square root. */
export function matrixFunction({ values, axes }: Eigenbasis, f: (value: number) => number): number[][] {
  const mapped = values.map(f)
  return axes.map((u) => axes.map((v) => mapped.reduce((s, value, k) => s + u[k]! * value * v[k]!, 0)))
}

/** The product of two matrices given by rows. */
export function multiply(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number[][] {
  return a.map((row) => b[0]!.map((_, j) => row.reduce((s, v, k) => s + v * b[k]![j]!, 0)))
}

/** The transpose of a matrix given by rows. */
export function transposed(a: readonly (readonly number[])[]): number[][] {
  return a[0]!.map((_, j) => a.map((row) => row[j]!))
}

/** A matrix times a vector. */
export function multiplyVector(a: readonly (readonly number[])[], v: readonly number[]): number[] {
  return a.map((row) => row.reduce((s, value, k) => s + value * v[k]!, 0))
}

/** One rotation of every pair of axes; false once nothing is left to rotate away. */
function sweepOnce(a: Float64Array[], q: Float64Array[]): boolean {
  let rotated = false
  for (let i = 0; i < a.length; i++) {
    for (let j = i + 1; j < a.length; j++) {
      const off = a[i]![j]!
      if (Math.abs(off) <= 1e-16 * Math.sqrt(Math.abs(a[i]![i]! * a[j]![j]!))) continue
      rotated = true
      const theta = (a[j]![j]! - a[i]![i]!) / (2 * off)
      const tangent = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1))
      const cosine = 1 / Math.hypot(tangent, 1)
      rotate(a, i, j, cosine, tangent * cosine)
      rotateColumns(q, i, j, cosine, tangent * cosine)
    }
  }
  return rotated
}

/** Jᵀ A J for the rotation J of axes i and j. */
function rotate(a: Float64Array[], i: number, j: number, c: number, s: number): void {
  rotateColumns(a, i, j, c, s)
  const [rowI, rowJ] = [a[i]!, a[j]!]
  for (let k = 0; k < rowI.length; k++) {
    const [u, v] = [rowI[k]!, rowJ[k]!]
    rowI[k] = c * u - s * v
    rowJ[k] = s * u + c * v
  }
  rowI[j] = 0
  rowJ[i] = 0
}

function rotateColumns(a: Float64Array[], i: number, j: number, c: number, s: number): void {
  for (const row of a) {
    const [u, v] = [row[i]!, row[j]!]
    row[i] = c * u - s * v
    row[j] = s * u + c * v
  }
}
