import { type LongCallOptions, paced, type Tensor } from '@sgm/tensor'
import { checkLongCall, checkShape, checkTensors, expected, optionsOf } from '@sgm/tensor/check'
import { rowsOf } from './rows'

/** Options of {@link coverage}. */
export interface CoverageOptions extends LongCallOptions {
  /** The share that the interval should cover, in (0, 1): the nearest that n samples can tell is taken. @default 0.9 */
  readonly level?: number
}

/** What {@link coverage} finds. */
export interface Coverage {
  /** Share of the entries of the truth that lie in their interval. */
  readonly coverage: number
  /** What it is for samples of the posterior: 1 − 2k/(n + 1). */
  readonly expected: number
}

/**
 * Whether the truth lies inside the spread of samples of a posterior as often as it should: less than expected for samples that are
 * too sure, more for ones that are not sure enough.
 *
 * The interval of an entry lies from the k-th least to the k-th largest of its n samples, ends included. The truth and n samples of
 * the posterior can be exchanged for each other, so that 1 − 2k/(n + 1) of its entries are inside, whatever the posterior and
 * however few the samples. Entries that the posterior knows exactly count as inside.
 *
 * Entries of one image depend on each other: over several images the share is the surer.
 *
 * Reference: Talts, Betancourt, Simpson, Vehtari and Gelman 2018, "Validating Bayesian inference algorithms with simulation-based
 * calibration".
 *
 * @param samples `[n, ...D]`, n >= 2: n samples for each entry of the truth.
 * @param truth `[...D]`
 * @throws RangeError when the shapes do not fit, a value is not finite, or `level` is not in (0, 1). The signal's reason, when it
 * ends the call.
 * @example
 * const samples = normal(key(0), [99, 1000])
 * const { coverage: found, expected } = await coverage(samples, zeros([1000]))
 * expected // → 0.9
 */
export async function coverage(
  samples: Tensor,
  truth: Tensor,
  options: CoverageOptions = {},
): Promise<Coverage> {
  const { level = 0.9 } = optionsOf('coverage', options, { signal: true, onProgress: true, level: true })
  checkLongCall('coverage', options)
  if (!(typeof level === 'number' && level > 0 && level < 1))
    throw expected('coverage', 'level in (0, 1)', level)
  checkTensors('coverage', { samples, truth })
  checkShape('coverage', 'truth', truth.shape, samples.shape.slice(1))
  const { values, n, d } = await rowsOf('coverage', 'samples', samples)
  const wanted = await truth.data()
  if (!wanted.every(Number.isFinite))
    throw expected('coverage', 'truth with finite values', 'NaN or Infinity')
  const most = Math.floor(n / 2)
  const k = Math.min(most, Math.max(1, Math.round(((n + 1) * (1 - level)) / 2)))
  const column = new Float64Array(n)
  const inside = await paced(d, options).each(d, (j) => {
    for (let i = 0; i < n; i++) column[i] = values[i * d + j]!
    column.sort()
    return column[k - 1]! <= wanted[j]! && wanted[j]! <= column[n - k]!
  })
  return { coverage: inside.filter(Boolean).length / d, expected: 1 - (2 * k) / (n + 1) }
}
