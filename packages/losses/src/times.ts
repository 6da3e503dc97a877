import { checkLinearSde, type LinearSDE, logSnr, type Marginal, timeOfLogSnr, vp } from '@sgm/sde'
import { type Key, split, uniformValues } from '@sgm/tensor'
import {
  checkFinite,
  checkFlags,
  checkFunctions,
  checkIntegers,
  checkMethods,
  expected,
  optionsOf,
} from '@sgm/tensor/check'
import { likelihoodWeighting, type Weighting } from './weighting'

/** A distribution of training times, in float64 on the host. */
export interface TimeDistribution {
  /** The time below which lies the share u, in [0, 1), of the draws. */
  quantile(u: number): number
  /** Density over the times; > 0 where `quantile` may lie. */
  density(t: number): number
}

/** Makes the distribution of times for a process over [start, end]. */
export type TimeSampling = (process: LinearSDE, start: number, end: number) => TimeDistribution

/**
 * t ~ U[start, end].
 *
 * @param start The earliest time.
 * @param end The latest.
 * @example
 * uniformTimes(vp(), 0, 1).quantile(0.25) // → 0.25
 */
export const uniformTimes: TimeSampling = (process, start, end) => {
  checkLinearSde('uniformTimes', process)
  checkFinite('uniformTimes', { start, end })
  return {
    quantile: (u) => {
      checkFinite('uniformTimes', { u })
      return start + u * (end - start)
    },
    density: (t) => {
      checkFinite('uniformTimes', { t })
      return 1 / (end - start)
    },
  }
}

/** Options of {@link importanceTimes}. */
export interface ImportanceTimesOptions {
  /** The weighting λ whose loss is to be drawn with little variance: density ∝ λ/σ². @default `likelihoodWeighting` */
  readonly weighting?: Weighting
  /** Cells of the table, an integer from 1 to 2²⁴. @default 1024 */
  readonly cells?: number
}

/**
 * Times drawn with density ∝ λ(t)/σ(t)², which makes the weight of ‖σs + z‖² constant (Song, Durkan et al. 2021, section
 * 5.1, for λ = g²). Its distribution function is tabulated over cells of equal length in log-SNR, within which times are
 * uniform; losses divide by the density of the table itself, so that they stay unbiased however coarse it is.
 *
 * @throws RangeError unless `cells` is an integer >= 1; later, unless the log-SNR is finite at both ends.
 * @example
 * const loss = sdeDenoising({
 *   process: vp(),
 *   weighting: likelihoodWeighting,
 *   times: importanceTimes(),
 * })
 */
export function importanceTimes(options: ImportanceTimesOptions = {}): TimeSampling {
  const { weighting = likelihoodWeighting, cells = 1024 } = optionsOf('importanceTimes', options, {
    weighting: true,
    cells: true,
  })
  checkFunctions('importanceTimes', { weighting })
  checkIntegers('importanceTimes', { cells }, 1, 2 ** 24)
  return (process, start, end) => {
    checkLinearSde('importanceTimes', process)
    const [high, low] = [logSnr(process, start), logSnr(process, end)]
    if (!Number.isFinite(high - low)) {
      throw expected('importanceTimes', 'a finite log-SNR at both ends', `${high} and ${low}`)
    }
    const edges = Float64Array.from({ length: cells + 1 }, (_, i) =>
      i === 0 ? start : i === cells ? end : timeOfLogSnr(process, high + ((low - high) * i) / cells),
    )
    const cumulative = new Float64Array(cells + 1)
    for (let i = 0; i < cells; i++) {
      const middle = (edges[i]! + edges[i + 1]!) / 2
      const mass = weighting(process, middle) / process.marginal(middle).sigma ** 2
      cumulative[i + 1] = cumulative[i]! + mass * (edges[i + 1]! - edges[i]!)
    }
    const total = cumulative[cells]!
    if (!(total > 0 && Number.isFinite(total))) {
      throw expected('importanceTimes', 'a weighting with a finite integral > 0', total)
    }
    return {
      quantile: (u) => {
        checkFinite('importanceTimes', { u })
        const i = cellOf(cumulative, u * total)
        const share = (u * total - cumulative[i]!) / (cumulative[i + 1]! - cumulative[i]!)
        return edges[i]! + share * (edges[i + 1]! - edges[i]!)
      },
      density: (t) => {
        checkFinite('importanceTimes', { t })
        const i = cellOf(edges, t)
        return (cumulative[i + 1]! - cumulative[i]!) / (total * (edges[i + 1]! - edges[i]!))
      },
    }
  }
}

/** What every objective over the times of a process takes. */
export interface ProcessTimesOptions {
  /** @default `vp()` */
  readonly process?: LinearSDE
  /** Spread the times of a batch evenly. @default false */
  readonly stratified?: boolean
  /** Smallest time, in [start, end) of the process. @default `process.cutOffs.train` */
  readonly cutOff?: number
}

/** Times of a process from a cut-off to its end. */
export interface ProcessTimes {
  readonly process: LinearSDE
  readonly cutOff: number
  readonly end: number
  readonly density: TimeDistribution['density']
  /** Times of the rows of a batch, and what is known there. */
  levels<T extends object>(
    key: Key,
    rows: number,
    known: (time: number, at: Marginal<number>) => T,
  ): (Marginal<number> & { readonly time: number } & T)[]
}

/** @throws RangeError unless the cut-off lies in the process's interval. TypeError where an option is of another kind. */
export function processTimes(
  where: string,
  { process = vp(), stratified = false, ...rest }: ProcessTimesOptions,
  times: TimeSampling = uniformTimes,
  use: keyof LinearSDE['cutOffs'] = 'train',
): ProcessTimes {
  checkLinearSde(where, process)
  const { cutOff = process.cutOffs[use] } = rest
  checkFinite(where, { cutOff })
  checkFlags(where, { stratified })
  checkFunctions(where, { times })
  const [start, end] = process.interval
  if (!(cutOff >= start && cutOff < end)) throw expected(where, `cutOff in [${start}, ${end})`, cutOff)
  const distribution = times(process, cutOff, end)
  checkMethods(where, { 'what times gives': distribution }, 'quantile', 'density')
  const { quantile, density } = distribution
  return {
    process,
    cutOff,
    end,
    density,
    levels: (key, rows, known) =>
      drawShares(key, rows, stratified).map((u) => {
        const time = quantile(u)
        const at = process.marginal(time)
        return { time, ...at, ...known(time, at) }
      }),
  }
}

/**
 * One number in [0, 1) a row. Stratified, they are the golden-ratio sequence from a random start: each is uniform, any
 * run of rows is spread evenly, and row i depends on (key, i) only, whatever the batch size.
 */
export function drawShares(key: Key, rows: number, stratified: boolean): number[] {
  if (!stratified) return Array.from(uniformValues(key, rows))
  const start = uniformValues(split(key)[0]!, 1)[0]!
  return Array.from({ length: rows }, (_, i) => (start + i * GOLDEN) % 1)
}

const GOLDEN = (Math.sqrt(5) - 1) / 2

/** The last i with table[i] <= value, short of the table's end. */
function cellOf(table: Float64Array, value: number): number {
  let low = 0
  let high = table.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (table[middle]! <= value) low = middle
    else high = middle
  }
  return low
}
