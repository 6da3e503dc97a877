import type { ScoreFunction } from '@sgm/score'
import {
  add,
  alignRows,
  mul,
  type NamedTensors,
  square,
  sub,
  sumRows,
  type Tensor,
  tensor,
} from '@sgm/tensor'

/** One noise level a row, worked out on the host in float64. */
export interface Level {
  readonly time: number
  readonly alpha: number
  readonly sigma: number
  /** Of ‖σs + z‖². */
  readonly weight: number
}

/** Numbers of the rows of a batch as tensors `[B]`: each `time` in `times`, and so on. */
export function columns<K extends string>(
  rows: readonly Readonly<Record<K, number>>[],
  names: readonly K[],
): Record<string, Tensor> {
  return Object.fromEntries(
    names.map((name) => [`${name}s`, tensor(new Float32Array(rows.map((row) => row[name])))]),
  )
}

/** The levels of a batch as tensors `[B]`: times, alphas, sigmas, weights. */
export const levelTensors = (levels: readonly Level[]): Record<string, Tensor> =>
  columns(levels, ['time', 'alpha', 'sigma', 'weight'])

/** What denoising objectives draw: levels `[B]`, and the noise z `[B, ...D]`. */
export interface PerturbationDraws extends NamedTensors {
  readonly times: Tensor
  readonly alphas: Tensor
  readonly sigmas: Tensor
  readonly weights: Tensor
  readonly noise: Tensor
}

/** The names of {@link PerturbationDraws}. */
export const PERTURBATION = ['times', 'alphas', 'sigmas', 'weights', 'noise'] as const

/** ‖σs(αx + σz, t) + z‖² of each row. */
export function denoisingError(
  score: ScoreFunction,
  x: Tensor,
  { times, alphas, sigmas, noise }: PerturbationDraws,
): Tensor {
  const sigma = alignRows(sigmas, x)
  const noisy = add(mul(alignRows(alphas, x), x), mul(sigma, noise))
  return sumRows(square(add(mul(sigma, score(noisy, times)), noise)))
}

/**
 * {@link denoisingError} with a control variate: ‖σs(αx + σz)‖² + 2zᵀσ(s(αx + σz) − s(αx)) + d. The expectation is the
 * same, since z has mean zero and is independent of s(αx); divided by σ², the variance stays bounded as σ → 0, where the
 * plain form's grows as d/σ⁴. Costs a second evaluation of the score.
 */
export function controlledDenoisingError(
  score: ScoreFunction,
  x: Tensor,
  { times, alphas, sigmas, noise }: PerturbationDraws,
): Tensor {
  const sigma = alignRows(sigmas, x)
  const mean = mul(alignRows(alphas, x), x)
  const scaled = mul(sigma, score(add(mean, mul(sigma, noise)), times))
  const change = sub(scaled, mul(sigma, score(mean, times)))
  const dims = x.shape.slice(1).reduce((a, b) => a * b, 1)
  return add(sumRows(add(square(scaled), mul(mul(noise, change), 2))), dims)
}
