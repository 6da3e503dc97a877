import { checkIntegers, checkPositive, checkRising, optionsOf } from '@sgm/tensor/check'

/** Options of {@link geometricSigmas}. */
export interface GeometricSigmasOptions {
  /** First and largest noise level. @default 1 */
  readonly sigmaMax?: number
  /** Last and smallest noise level, > 0. @default 0.01 */
  readonly sigmaMin?: number
  /** Number L of levels, >= 2. @default 10 */
  readonly levels?: number
}

/**
 * The ladder of noise levels σ_1 > … > σ_L in geometric progression, of annealed Langevin dynamics and multi-level score
 * matching. Defaults are NCSN's (Song and Ermon 2019, section 5).
 *
 * @throws RangeError unless 0 < sigmaMin < sigmaMax and levels is an integer >= 2.
 * @example
 * geometricSigmas({ sigmaMax: 100, sigmaMin: 1, levels: 3 }) // → [100, 10, 1]
 */
export function geometricSigmas(options: GeometricSigmasOptions = {}): number[] {
  const {
    sigmaMax = 1,
    sigmaMin = 0.01,
    levels = 10,
  } = optionsOf('geometricSigmas', options, { sigmaMax: true, sigmaMin: true, levels: true })
  checkPositive('geometricSigmas', { sigmaMin })
  checkRising('geometricSigmas', { sigmaMin, sigmaMax })
  checkIntegers('geometricSigmas', { levels }, 2)
  const ratio = Math.log(sigmaMin / sigmaMax)
  return Array.from({ length: levels }, (_, i) => {
    if (i === levels - 1) return sigmaMin
    return sigmaMax * Math.exp((ratio * i) / (levels - 1))
  })
}
