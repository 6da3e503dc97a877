import { describe, expect, it } from 'vitest'
import { eigenbasis, matrixFunction, multiply } from './symmetric'

describe('eigenbasis', () => {
  it('finds the eigenvalues of the second-difference matrix: 2 − 2 cos(kπ/(n+1))', () => {
    const n = 6
    const matrix = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
    )
    const { values, axes } = eigenbasis(matrix)
    const exact = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)))
    const sorted = [...values].sort((a, b) => a - b)
    for (const [k, value] of exact.entries()) expect(sorted[k]).toBeCloseTo(value, 13)
    const rebuilt = matrixFunction({ values, axes }, (v) => v)
    for (const [i, row] of rebuilt.entries()) {
      for (const [j, value] of row.entries()) expect(value).toBeCloseTo(matrix[i]![j]!, 13)
    }
  })

  it('resolves an eigenvalue eight orders below the other', () => {
    const { values } = eigenbasis([
      [1, 1],
      [1, 1 + 1e-8],
    ])
    const smallest = Math.min(...values)
    expect(smallest / 5e-9).toBeCloseTo(1, 6)
  })

  it('leaves a diagonal matrix as it is', () => {
    expect(
      eigenbasis([
        [3, 0],
        [0, 2],
      ]),
    ).toEqual({
      values: [3, 2],
      axes: [
        [1, 0],
        [0, 1],
      ],
    })
  })

  it('gives an inverse by matrixFunction', () => {
    const matrix = [
      [4, 1, 0.5],
      [1, 3, -0.7],
      [0.5, -0.7, 2],
    ]
    const product = multiply(
      matrix,
      matrixFunction(eigenbasis(matrix), (v) => 1 / v),
    )
    for (const [i, row] of product.entries()) {
      for (const [j, value] of row.entries()) expect(value).toBeCloseTo(i === j ? 1 : 0, 12)
    }
  })
})
