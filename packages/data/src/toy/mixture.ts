import { choice, gather, type Key, type Tensor, tensor } from '@sgm/tensor'
import { checkAtLeast, checkLists, expected, optionsOf } from '@sgm/tensor/check'
import { noisyPoints } from './plane'

/** A point of the plane. */
export type Point = readonly [x: number, y: number]

/** Options of {@link mixture}. */
export interface MixtureOptions {
  /** Centres of the components. @default [[-5, -5], [5, 5]] */
  readonly means?: readonly Point[]
  /** One weight >= 0 a component; need not add to 1. @default [0.2, 0.8], or equal weights for means of your own */
  readonly weights?: readonly number[]
  /** Standard deviation of every component, >= 0. @default 1 */
  readonly sigma?: number
}

const songMeans: readonly Point[] = [
  [-5, -5],
  [5, 5],
]

/**
 * Draws from a mixture of isotropic Gaussians. The default is the one whose score field and mode weights Song and
 * Ermon 2019 study: ⅕ N((−5, −5), I) + ⅘ N((5, 5), I).
 *
 * @returns `[count, 2]`; row i depends on (key, i) only.
 * @throws RangeError when an option is out of its range, or there is not one weight a mean.
 * @example
 * const points = mixture(key(0), 1000, {
 *   means: [
 *     [-2, 0],
 *     [2, 0],
 *   ],
 *   sigma: 0.5,
 * })
 * points.shape // → [1000, 2]
 */
export function mixture(key: Key, count: number, options: MixtureOptions = {}): Tensor {
  return mixtureOf('mixture', key, count, options)
}

/** {@link mixture} for messages of `where`. */
export function mixtureOf(where: string, key: Key, count: number, options: MixtureOptions): Tensor {
  const {
    means = songMeans,
    weights: given,
    sigma = 1,
  } = optionsOf(where, options, { means: true, weights: true, sigma: true })
  checkLists(where, { means })
  const weights = given ?? (means === songMeans ? [0.2, 0.8] : means.map(() => 1))
  checkLists(where, { weights })
  if (weights.length !== means.length || means.length === 0) {
    throw expected(where, 'one weight a mean', `${weights.length} weights and ${means.length} means`)
  }
  for (const [i, mean] of means.entries()) checkPoint(where, `means[${i}]`, mean)
  checkAtLeast(where, Object.fromEntries(weights.map((weight, i) => [`weights[${i}]`, weight])), 0)
  if (!weights.some((weight) => weight > 0)) throw expected(where, 'a weight > 0', weights)
  return noisyPoints(where, key, count, { sigma }, (shapeKey) =>
    gather(tensor(means), choice(shapeKey, weights, [count])),
  )
}

function checkPoint(where: string, name: string, point: unknown): void {
  if (Array.isArray(point) && point.length === 2 && point.every(Number.isFinite)) return
  throw expected(where, `${name} to be two finite numbers`, point)
}
