import type { LongCallOptions, Tensor } from '@sgm/tensor'
import { checkLongCall, expected, optionsOf } from '@sgm/tensor/check'
import { meansOverPairs, pairOf, type Rows, squaredDistance } from './rows'

/** Options of {@link squaredMmd}. */
export interface SquaredMmdOptions extends LongCallOptions {
  /**
   * Lengths h > 0 of the kernels exp(−‖x − y‖²/(2h²)), which are averaged.
   * @default the median distance between rows (of at most 500 of each sample) times ¼, ½, 1, 2 and 4
   */
  readonly bandwidths?: readonly number[]
}

/**
 * The squared maximum mean discrepancy between two samples, E k(x, x′) + E k(y, y′) − 2 E k(x, y), for a mean of Gaussian
 * kernels. Unbiased, so that it is around 0, on either side, when both come from one distribution.
 *
 * Gretton et al. 2012, "A kernel two-sample test", lemma 6. Costs n² kernel evaluations.
 *
 * @param x `[n, ...D]`
 * @param y `[m, ...D]`
 * @throws RangeError when the shapes do not fit, a value is not finite, or a bandwidth is not > 0. The signal's reason, when it ends
 * the call.
 * @example
 * const samples = normal(key(0), [200, 2])
 * const data = twoMoons(key(1), 200)
 * await squaredMmd(samples, data, { bandwidths: [0.5, 1, 2] })
 */
export async function squaredMmd(x: Tensor, y: Tensor, options: SquaredMmdOptions = {}): Promise<number> {
  const [a, b] = await pairOf('squaredMmd', x, y)
  const { bandwidths = medianLadder(a, b) } = optionsOf('squaredMmd', options, {
    signal: true,
    onProgress: true,
    bandwidths: true,
  })
  checkLongCall('squaredMmd', options)
  if (
    !Array.isArray(bandwidths) ||
    bandwidths.length === 0 ||
    !bandwidths.every((h) => h > 0 && Number.isFinite(h))
  ) {
    throw expected('squaredMmd', 'bandwidths > 0', bandwidths)
  }
  const rates = bandwidths.map((h) => -0.5 / h ** 2)
  const kernel = (squared: number): number => {
    let sum = 0
    for (const rate of rates) sum += Math.exp(rate * squared)
    return sum / rates.length
  }
  const { within, between } = await meansOverPairs(a, b, kernel, options)
  return within - 2 * between
}

function medianLadder(a: Rows, b: Rows): number[] {
  const [n, m] = [Math.min(a.n, 500), Math.min(b.n, 500)]
  const squares = new Float64Array(n * m)
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) squares[i * m + j] = squaredDistance(a, i, b, j)
  const median = Math.sqrt(squares.sort()[squares.length >> 1]!) || 1
  return [0.25, 0.5, 1, 2, 4].map((factor) => factor * median)
}
