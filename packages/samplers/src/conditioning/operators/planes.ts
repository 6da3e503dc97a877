import { matMul, reshape, type Tensor, tensor, tidy, transpose } from '@sgm/tensor'

/** A matrix on the host, row by row. */
export interface HostMatrix {
  readonly values: Float32Array
  readonly rows: number
  readonly columns: number
}

/** The matrix of a function of row and column. */
export function matrixOf(
  rows: number,
  columns: number,
  entry: (row: number, column: number) => number,
): HostMatrix {
  const values = Float32Array.from({ length: rows * columns }, (_, i) =>
    entry(Math.floor(i / columns), i % columns),
  )
  return { values, rows, columns }
}

/** Images `[B, H, W, C]` as planes `[B, C, H, W]`. */
export function planesOf(x: Tensor): Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number]
  return channels === 1 ? reshape(x, [batch, 1, height, width]) : transpose(x, [0, 3, 1, 2])
}

/** Planes `[B, C, H, W]` as images `[B, H, W, C]`. */
export function imagesOf(planes: Tensor): Tensor {
  const [batch, channels, height, width] = planes.shape as [number, number, number, number]
  return channels === 1 ? reshape(planes, [batch, height, width, 1]) : transpose(planes, [0, 2, 3, 1])
}

/** L X Rᵀ of every plane, or Lᵀ X R: `[B, C, H, W]` → `[B, C, h, w]`. */
export function sandwich(left: HostMatrix, planes: Tensor, right: HostMatrix, adjoint = false): Tensor {
  return tidy(() => along(left, along(right, planes, adjoint), adjoint))
}

/** Each row x of a plane as M x, or Mᵀ x, and the plane turned: `[B, C, H, W]` → `[B, C, m, H]`. */
function along({ values, rows, columns }: HostMatrix, planes: Tensor, adjoint: boolean): Tensor {
  const product = matMul(planes, tensor(values, [rows, columns]), { transposeB: !adjoint })
  return transpose(product, [0, 1, 3, 2])
}
