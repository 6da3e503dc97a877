import { inverse, Matrix } from 'ml-matrix'

/** Value at u of the Lagrange polynomial that is 1 at `nodes[j]` and 0 at the others. */
export function lagrange(nodes: readonly number[], j: number, u: number): number {
  return nodes.reduce(
    (product, node, i) => (i === j ? product : (product * (u - node)) / (nodes[j]! - node)),
    1,
  )
}

/** Nodes and weights in [−1, 1] that integrate polynomials up to degree 15 exactly. */
const GAUSS_8: readonly (readonly [node: number, weight: number])[] = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
]

/** ∫ f from a to b by Gauss–Legendre quadrature with 8 nodes. */
export function integrate(f: (u: number) => number, a: number, b: number): number {
  const [centre, half] = [(a + b) / 2, (b - a) / 2]
  return GAUSS_8.reduce(
    (sum, [node, weight]) => sum + half * weight * (f(centre - half * node) + f(centre + half * node)),
    0,
  )
}

/** The weights w that solve Σ_j w_j nodes_j^i = moments_i, i = 0, 1, … */
export function weightsOfMoments(nodes: readonly number[], moments: readonly number[]): number[] {
  const rows = moments.map((_, i) => nodes.map((node) => node ** i))
  return inverse(new Matrix(rows))
    .mmul(Matrix.columnVector([...moments]))
    .to1DArray()
}
