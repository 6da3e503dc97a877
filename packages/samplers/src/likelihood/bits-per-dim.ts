import { checkAtLeast, checkExtent, checkFinite, checkIntegers, optionsOf } from '@sgm/tensor/check'

/** Options of {@link bitsPerDim}. */
export interface BitsPerDimOptions {
  /** Interval that the grey levels were scaled to. @default [0, 1] */
  readonly range?: readonly [low: number, high: number]
  /** Number of grey levels, >= 2. @default 256 */
  readonly levels?: number
}

/**
 * Bits per dimension of discrete data from the log-density of their uniformly dequantised version.
 *
 * −log₂ p / d + log₂(levels / (high − low)): with 256 levels, + 8 for data in [0, 1] and + 7 for data in [−1,
 * 1]. Data x of integer levels are dequantised as (x + u)/256 with u ~ U[0, 1), that is (255 y + u)/256 for y
 * in [0, 1]; the result then bounds the discrete negative log-likelihood from above (Theis et al. 2016, §3.1;
 * Uria et al. 2013).
 *
 * @param logDensity In nats, of one datum.
 * @param dims Number of entries of a datum.
 * @throws RangeError when an argument is out of range.
 * @example
 * bitsPerDim(-20 * Math.LN2, 10) // → 10
 */
export function bitsPerDim(logDensity: number, dims: number, options: BitsPerDimOptions = {}): number {
  const { range = [0, 1], levels = 256 } = optionsOf('bitsPerDim', options, { range: true, levels: true })
  checkFinite('bitsPerDim', { logDensity })
  checkIntegers('bitsPerDim', { dims })
  checkExtent('bitsPerDim', 'range', range)
  checkAtLeast('bitsPerDim', { levels }, 2)
  const [low, high] = range
  return -logDensity / (dims * Math.LN2) + Math.log2(levels / (high - low))
}
