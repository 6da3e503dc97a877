import { type Key, type LongCallOptions, normal, paced, type Tensor } from '@sgm/tensor'
import { checkAtLeast, checkIntegers, checkKeys, checkLongCall, optionsOf } from '@sgm/tensor/check'
import { pairOf, type Rows } from './rows'

/** Options of {@link slicedWasserstein}. */
export interface SlicedWassersteinOptions extends LongCallOptions {
  /** Of the directions. */
  readonly key: Key
  /** Number of random directions, >= 1. @default 128 */
  readonly projections?: number
  /** p >= 1. @default 2 */
  readonly order?: number
}

/**
 * The sliced Wasserstein distance between two samples, (E_θ W_p(θ·x, θ·y)^p)^{1/p} with θ uniform on the unit sphere, W_p between
 * the projected samples exactly, by their quantiles.
 *
 * Bonneel et al. 2015, "Sliced and Radon Wasserstein barycenters of measures". Between equal distributions the
 * finite samples leave a distance of the order of n^{−1/2}.
 *
 * @param x `[n, ...D]`
 * @param y `[m, ...D]`
 * @throws RangeError when the shapes do not fit, a value is not finite, or an option is out of its range. The signal's reason,
 * when it ends the call.
 * @example
 * const samples = normal(key(0), [500, 2])
 * await slicedWasserstein(samples, samples, { key: key(1) }) // → 0
 */
export async function slicedWasserstein(
  x: Tensor,
  y: Tensor,
  options: SlicedWassersteinOptions,
): Promise<number> {
  const {
    key,
    projections = 128,
    order = 2,
  } = optionsOf('slicedWasserstein', options, {
    signal: true,
    onProgress: true,
    key: true,
    projections: true,
    order: true,
  })
  checkLongCall('slicedWasserstein', options)
  checkKeys('slicedWasserstein', { key })
  checkIntegers('slicedWasserstein', { projections }, 1, 2 ** 20)
  checkAtLeast('slicedWasserstein', { order }, 1)
  const [a, b] = await pairOf('slicedWasserstein', x, y, 1)
  const draws = normal(key, [projections, a.d])
  const directions = await draws.data()
  draws.dispose()
  const pace = paced(projections, options)
  let total = 0
  for (let i = 0; i < projections; i++) {
    const direction = unit(Float64Array.from(directions.subarray(i * a.d, (i + 1) * a.d)))
    total += transportCost(project(a, direction), project(b, direction), order)
    const turn = pace.step()
    if (turn) await turn
  }
  return (total / projections) ** (1 / order)
}

function unit(v: Float64Array): Float64Array {
  const norm = Math.hypot(...v)
  return v.map((entry) => entry / norm)
}

function project({ values, n, d }: Rows, direction: Float64Array): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = 0
    for (let k = 0; k < d; k++) sum += values[i * d + k]! * direction[k]!
    return sum
  }).sort()
}

/** W_p^p between two sorted samples: ∫₀¹ |F⁻¹ − G⁻¹|^p, over the pieces on which both quantile functions are constant. */
function transportCost(a: Float64Array, b: Float64Array, order: number): number {
  let [cost, done] = [0, 0]
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [endA, endB] = [(i + 1) * b.length, (j + 1) * a.length]
    const end = Math.min(endA, endB)
    cost += (end - done) * Math.abs(a[i]! - b[j]!) ** order
    done = end
    if (endA === end) i++
    if (endB === end) j++
  }
  return cost / (a.length * b.length)
}
