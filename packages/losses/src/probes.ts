import {
  div,
  expandDims,
  expected,
  type Key,
  mul,
  normal,
  reshape,
  type Shape,
  slice,
  sqrt,
  square,
  sumRows,
  type Tensor,
  tidy,
} from '@sgm/tensor'
import { checkIntegers, checkKeys, checkLists, expectedType } from '@sgm/tensor/check'

/**
 * Random directions, one a row: (key, `[N, ...D]`) → `[N, ...D]`, with mean 0 and covariance I; row i depends on
 * (key, i) only. `rademacher` and `normal` of @sgm/tensor are two, {@link sphere} is a third.
 */
export type Probe = (key: Key, shape: Shape) => Tensor

/**
 * Directions uniform on the sphere of radius √d, so that their covariance is I. On the unit sphere it would be I/d, and
 * the terms of a sliced loss that hold the direction twice would shrink by 1/d beside those that do not.
 *
 * @example
 * sphere(key(0), [64, 2]).shape // → [64, 2]
 */
export const sphere: Probe = (key, shape) =>
  tidy(() => {
    checkKeys('sphere', { key })
    checkLists('sphere', { shape })
    for (const [axis, size] of shape.entries()) checkIntegers('sphere', { [`shape[${axis}]`]: size }, 0)
    const dims = shape.slice(1).reduce((a, b) => a * b, 1)
    const directions = reshape(normal(key, shape), [-1, dims])
    const lengths = sqrt(expandDims(sumRows(square(directions)), 1))
    return reshape(mul(div(directions, lengths), Math.sqrt(dims)), shape)
  })

/** `count` probes a row: `[B, count, ...D]`. */
export function drawProbes(probe: Probe, key: Key, shape: Shape, count: number): Tensor {
  if (shape.length === 0) throw expected('draw', 'a shape [B, ...D]', '[]')
  const [rows, ...dims] = shape as [number, ...number[]]
  return tidy(() => reshape(probe(key, [rows * count, ...dims]), [rows, count, ...dims]))
}

/** The probes `[B, M, ...D]` as M tensors `[B, ...D]`. @throws TypeError for what `draw` did not draw. */
export function separateProbes(where: string, probes: Tensor | undefined): Tensor[] {
  if (!probes) throw expectedType(where, 'the draws of draw(key, shape)', 'no probes')
  const [, count = 1, ...dims] = probes.shape
  if (count === 1) return [reshape(probes, [-1, ...dims])]
  return Array.from({ length: count }, (_, m) =>
    reshape(slice(probes, [0, m, ...dims.map(() => 0)], [-1, 1, ...dims]), [-1, ...dims]),
  )
}
