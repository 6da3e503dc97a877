import { type LongCallOptions, paced, type Tensor } from '@sgm/tensor'
import { checkLongCall, checkOneOf, optionsOf } from '@sgm/tensor/check'
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

/** Options of {@link effectiveSampleSize}. */
export interface EffectiveSampleSizeOptions extends LongCallOptions {
  /**
   * `'bulk'`: of the normal scores of the draws, for the body of the distribution, also without finite variance.
   * `'tail'`: the smaller of those of the indicators of the 5% and 95% quantiles (interpolated linearly). `'mean'`: of the draws as they are, for
   * their mean.
   * @default 'bulk'
   */
  readonly kind?: 'bulk' | 'tail' | 'mean'
}

/**
 * The number of independent draws that would be worth as much as those of the chains, S/τ with τ the integrated
 * autocorrelation time, chains split in halves; Geyer's initial monotone sequence ends the sum.
 *
 * Vehtari et al. 2021, "Rank-normalization, folding, and localization: an improved R̂", section 3.2 and 4.
 *
 * @param chains `[chains, draws, ...D]`
 * @returns One number for each entry of D, in row-major order.
 * @throws RangeError when there are fewer than 8 draws, or a value is not finite. The signal's reason, when it ends the call.
 * @example
 * const chains = normal(key(0), [4, 250, 1]) // four chains of 250 states
 * const sizes = await effectiveSampleSize(chains)
 */
export async function effectiveSampleSize(
  chains: Tensor,
  options: EffectiveSampleSizeOptions = {},
): Promise<number[]> {
  const { kind = 'bulk' } = optionsOf('effectiveSampleSize', options, {
    signal: true,
    onProgress: true,
    kind: true,
  })
  checkLongCall('effectiveSampleSize', options)
  checkOneOf('effectiveSampleSize', { kind }, ['bulk', 'tail', 'mean'])
  const measure = { bulk, tail, mean: (x: Chains) => independentDraws(halves(x)) }[kind]
  const quantities = await quantitiesOf('effectiveSampleSize', chains)
  return paced(quantities.length, options).each(quantities.length, (i) => measure(quantities[i]!))
}

const bulk = (chains: Chains): number => independentDraws(normalScores(halves(chains)))

function tail(chains: Chains): number {
  const sorted = sortedDraws(chains)
  const of = (p: number): number => {
    const limit = quantile(sorted, p)
    return independentDraws(mapDraws(halves(chains), (draw) => Number(draw <= limit)))
  }
  return Math.min(of(0.05), of(0.95))
}

function independentDraws(chains: Chains): number {
  const n = chains[0]!.length
  const total = n * chains.length
  const centred = chains.map((chain) => {
    const centre = mean(chain)
    return chain.map((draw) => draw - centre)
  })
  const within = mean(chains.map(variance))
  const between = chains.length > 1 ? variance(chains.map(mean)) : 0
  const spread = (within * (n - 1)) / n + between
  if (!(spread > 0)) return total
  const correlation = (lag: number): number =>
    1 - (within - mean(centred.map((chain) => autocovariance(chain, lag)))) / spread
  return total / Math.max(correlationTime(correlation, n), 1 / Math.log10(total))
}

/**
 * τ = −1 + 2Σρ over pairs of lags (2k, 2k + 1), as long as their sums are positive, and made to fall. Of the pair that ends the
 * sum, the even lag counts once if it is positive.
 */
function correlationTime(correlation: (lag: number) => number, n: number): number {
  let smallest = 1 + correlation(1)
  let tau = -1 + 2 * Math.max(smallest, 0)
  for (let lag = 2; lag < n - 2 && smallest > 0; lag += 2) {
    const even = correlation(lag)
    const pair = even + correlation(lag + 1)
    if (pair < 0 || lag + 2 >= n - 2) return tau + Math.max(even, 0)
    smallest = Math.min(smallest, pair)
    tau += 2 * smallest
  }
  return tau
}

function autocovariance(centred: Float64Array, lag: number): number {
  let sum = 0
  for (let i = lag; i < centred.length; i++) sum += centred[i]! * centred[i - lag]!
  return sum / centred.length
}
