import { expected } from '@sgm/tensor'
import { checkFinite, checkIntegers, checkPositive, objectOf, optionsOf } from '@sgm/tensor/check'
import { normalCdf } from './normal-cdf'

/** Options of {@link ladderRatio}. */
export interface LadderRatioOptions {
  /**
   * How much of the samples at one level the next must find likely, in (0, 1). The paper writes ≈ 0.5; its own ladders
   * of 232, 500, 788, 1086 and 2311 levels are those of 0.567.
   * @default 0.567
   */
  readonly overlap?: number
  /** Largest ratio given, > 1: in few dimensions any ratio has the overlap. @default 2 */
  readonly maximumRatio?: number
}

/**
 * Finds the ratio γ > 1 of neighbouring noise levels for data of d dimensions:
 * Φ(√(2d)(γ − 1) + 3γ) − Φ(√(2d)(γ − 1) − 3γ) = overlap.
 *
 * Reference: Song and Ermon 2020, "Improved techniques for training score-based generative models", technique 2.
 *
 * @param dims Numbers of a datum.
 * @throws RangeError when dims is not an integer >= 1 or an option is out of its range.
 * @example
 * ladderRatio(2 * 2)
 */
export function ladderRatio(dims: number, options: LadderRatioOptions = {}): number {
  const { overlap = 0.567, maximumRatio = 2 } = optionsOf('ladderRatio', options, {
    overlap: true,
    maximumRatio: true,
  })
  checkIntegers('ladderRatio', { dims })
  // Bisection between 1 and infinity would not end.
  checkFinite('ladderRatio', { overlap, maximumRatio })
  if (!(overlap > 0 && overlap < 0.99)) throw expected('ladderRatio', 'overlap in (0, 0.99)', overlap)
  if (!(maximumRatio > 1)) throw expected('ladderRatio', 'maximumRatio > 1', maximumRatio)
  const at = (ratio: number): number => {
    const shift = Math.sqrt(2 * dims) * (ratio - 1)
    return normalCdf(shift + 3 * ratio) - normalCdf(shift - 3 * ratio)
  }
  let [low, high] = [1, maximumRatio]
  if (at(high) >= overlap) return high
  while (high - low > 1e-14) {
    const middle = (low + high) / 2
    if (at(middle) > overlap) low = middle
    else high = middle
  }
  return low
}

/** The levels of a geometric ladder. */
export interface Ladder {
  readonly sigmaMax: number
  readonly sigmaMin: number
  /** Ratio > 1 of neighbouring levels. */
  readonly ratio: number
}

/**
 * Counts the levels of a ladder of about the given ratio: L = ⌊1 + ln(σ_max/σ_min)/ln γ⌋, at least 2.
 *
 * @param ladder Its ends and the ratio of neighbours.
 * @throws RangeError unless 0 < sigmaMin < sigmaMax and ratio > 1.
 * @example
 * ladderLevels({ sigmaMax: 100, sigmaMin: 1, ratio: 10 }) // → 3
 */
export function ladderLevels(ladder: Ladder): number {
  const { sigmaMax, sigmaMin, ratio } = objectOf('ladderLevels', ladder, 'a ladder')
  checkPositive('ladderLevels', { sigmaMin })
  checkFinite('ladderLevels', { sigmaMax, ratio })
  if (!(sigmaMax > sigmaMin)) throw expected('ladderLevels', `sigmaMax > ${sigmaMin}`, sigmaMax)
  if (!(ratio > 1)) throw expected('ladderLevels', 'ratio > 1', ratio)
  return Math.max(2, Math.floor(1 + Math.log(sigmaMax / sigmaMin) / Math.log(ratio)))
}

/** Where annealed Langevin dynamics runs. */
export interface AnnealedRun {
  /** Ratio γ > 1 of neighbouring levels. */
  readonly ratio: number
  readonly sigmaMin: number
  /** Langevin steps T at each level. */
  readonly stepsPerLevel: number
}

/**
 * Finds the step ε at the last level for which T Langevin steps bring the variance from one level nearest to the next:
 * the ε = ησ_min² that minimises (1 − η)^{2T}(γ² − b) + b, b = 2η/(1 − (1 − η)²), whose ideal is 1.
 *
 * Reference: Song and Ermon 2020, "Improved techniques for training score-based generative models", technique 4. Of its
 * published steps 6.2e-6, 3.3e-6, 1.8e-6 and 0.9e-6 follow; its 4.9e-6 for LSUN church does not (2.3e-6 does).
 *
 * @param run The ladder's ratio and last level, and the steps at each.
 * @throws RangeError unless ratio > 1, sigmaMin > 0 and stepsPerLevel is an integer >= 1.
 * @example
 * annealedStepSize({ ratio: 1.02, sigmaMin: 0.01, stepsPerLevel: 5 })
 */
export function annealedStepSize(run: AnnealedRun): number {
  const { ratio, sigmaMin, stepsPerLevel } = objectOf('annealedStepSize', run, 'a run')
  checkFinite('annealedStepSize', { ratio })
  if (!(ratio > 1)) throw expected('annealedStepSize', 'ratio > 1', ratio)
  checkPositive('annealedStepSize', { sigmaMin })
  checkIntegers('annealedStepSize', { stepsPerLevel })
  const variance = (eta: number): number => {
    const settled = 2 / (2 - eta)
    return (1 - eta) ** (2 * stepsPerLevel) * (ratio ** 2 - settled) + settled
  }
  const golden = (Math.sqrt(5) - 1) / 2
  let [low, high] = [0, 1]
  while (high - low > 1e-9) {
    const [a, b] = [high - golden * (high - low), low + golden * (high - low)]
    if (variance(a) < variance(b)) high = b
    else low = a
  }
  return low * sigmaMin ** 2
}
