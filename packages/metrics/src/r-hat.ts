import { type LongCallOptions, paced, type Tensor } from '@sgm/tensor'
import { checkLongCall, optionsOf } from '@sgm/tensor/check'
import {
  type Chains,
  halves,
  mapDraws,
  mean,
  normalScores,
  quantile,
  quantitiesOf,
  sortedDraws,
  variance,
} from './chains'

/**
 * R̂, how much wider all chains together are than each alone: 1 when they have mixed; more than 1.01 says they have not.
 * Rank-normalised and split, and the larger of that of the draws and that of their distances from the median (folded), so that
 * chains of different places and of different widths are both seen.
 *
 * Vehtari et al. 2021, "Rank-normalization, folding, and localization: an improved R̂", section 4.
 *
 * @param chains `[chains, draws, ...D]`
 * @returns One number for each entry of D, in row-major order; NaN where all draws are equal.
 * @throws RangeError when there are fewer than 8 draws, or a value is not finite. The signal's reason, when it ends the call.
 * @example
 * const chains = normal(key(0), [4, 250, 1]) // four chains of 250 states
 * const mixed = (await rHat(chains)).every((value) => value < 1.05)
 * mixed // → true
 */
export async function rHat(chains: Tensor, options: LongCallOptions = {}): Promise<number[]> {
  checkLongCall('rHat', optionsOf('rHat', options, { signal: true, onProgress: true }))
  const quantities = await quantitiesOf('rHat', chains)
  return paced(quantities.length, options).each(quantities.length, (i) => {
    const split = halves(quantities[i]!)
    const median = quantile(sortedDraws(split), 0.5)
    const folded = mapDraws(split, (draw) => Math.abs(draw - median))
    return Math.max(scaleReduction(normalScores(split)), scaleReduction(normalScores(folded)))
  })
}

/** √(((n − 1)/n · W + B/n) / W), W the mean variance within chains and B/n the variance of their means. */
function scaleReduction(chains: Chains): number {
  const n = chains[0]!.length
  const within = mean(chains.map(variance))
  return Math.sqrt((n - 1) / n + variance(chains.map(mean)) / within)
}
