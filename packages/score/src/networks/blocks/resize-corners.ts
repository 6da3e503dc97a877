import { matMul, reshape, type Tensor, tensor, tidy } from '@sgm/tensor'

/**
 * Bilinear interpolation that keeps the corners where they are: square images `[B, N, N, C]` → `[B, size, size, C]`;
 * place i of the result is i(N − 1)/(size − 1). One matrix product along each axis.
 */
export function resizeCorners(x: Tensor, size: number): Tensor {
  const [batch, side, , channels] = x.shape as [number, number, number, number]
  if (side === size) return x
  return tidy(() => {
    const matrix = tensor(weights(side, size), [size, side])
    const rows = matMul(matrix, reshape(x, [batch, side, side * channels]))
    const columns = matMul(matrix, reshape(rows, [batch * size, side, channels]))
    return reshape(columns, [batch, size, size, channels])
  })
}

/** `[to, from]`, row-major. */
function weights(from: number, to: number): Float32Array {
  const matrix = new Float32Array(to * from)
  for (let i = 0; i < to; i++) {
    const place = to === 1 ? 0 : (i * (from - 1)) / (to - 1)
    const low = Math.min(Math.floor(place), from - 1)
    matrix[i * from + low]! += 1 - (place - low)
    if (place > low) matrix[i * from + low + 1]! += place - low
  }
  return matrix
}
