import {
  bitsPerDim,
  hutchinsonDivergence,
  logLikelihood,
  type ScoreDivergence,
  type ScoreWithDivergence,
} from '@sgm/samplers'
import { bind } from '@sgm/score'
import {
  compile,
  concat,
  type Executor,
  foldIn,
  gather,
  type Key,
  type NamedTensors,
  scoped,
  type Tensor,
  tensor,
  tidy,
} from '@sgm/tensor'
import type { LoadedBound } from './bound'
import type { RunConfig } from './config'
import type { Context } from './context'
import type { Dataset } from './dataset'
import type { Loaded, Model } from './model'

/** A score with Hutchinson's estimate of its divergence, traced as one function: one call an evaluation of the ODE. */
export interface LoadedDivergence extends Loaded {
  readonly divergence: ScoreDivergence
}

/** The compiled score and divergence of given weights. */
export function loadDivergence(
  { network }: Model,
  weights: NamedTensors,
  executor: Executor | undefined,
): LoadedDivergence {
  const both = hutchinsonDivergence((x, t) => bind(network, weights)(x, t))
  const compiled = compile(
    (x: Tensor, t: Tensor, probe: Tensor) => both(x, t, probe),
    executor && { executor },
  )
  return { divergence: compiled, refresh: compiled.pushVariables, dispose: compiled.dispose }
}

/** Which data are judged, and how exactly. */
export interface Judging {
  /** Number of data. */
  readonly count: number
  readonly key: Key
  /** Of the ODE solver, relative and absolute. */
  readonly tolerance: number
  /** Found too where it is given. */
  readonly bound?: LoadedBound | undefined
  /** Data solved at a time: those that are done leave, and the score is asked about the others. @default {@link poolOf} */
  readonly pool?: number
}

/** Mean log-likelihood of data. */
export interface Judged {
  /** Of images: bits per dimension, an upper bound of the discrete negative log-likelihood. Of points: nats. */
  readonly mean: number
  /** Of the mean over the data; absent for one datum, which does not tell how data differ. */
  readonly standardError?: number
  /** What the reverse SDE needs at most, in the same unit: the bound that `objective: 'likelihood'` trains by. */
  readonly bound?: Pick<Judged, 'mean' | 'standardError'>
  readonly count: number
  /** Evaluations of the score and its divergence that a datum took, the mean. */
  readonly evaluations: number
}

/** A mean over data, and its standard error. */
type Mean = Pick<Judged, 'mean' | 'standardError'>

/** Data of `dims` numbers each that are solved at a time: the solver keeps some ten copies of them, which then take tens of megabytes. */
function poolOf(dims: number): number {
  return Math.max(BLOCK, Math.min(1024, Math.floor(2 ** 20 / dims)))
}

/** Rows that the score and its divergence are asked about at a time. */
const BLOCK = 32

/**
 * A divergence in blocks of {@link BLOCK} rows, the last filled up, so that one program does; a pool smaller than that is asked about whole.
 *
 * @param onRows Told how many rows each evaluation asks about, those that fill up not counted.
 */
function inBlocks(
  divergence: ScoreDivergence,
  pool: number,
  onRows: (count: number) => void,
): ScoreDivergence {
  const block = Math.min(BLOCK, pool)
  return (...asked) =>
    scoped(async (own) => {
      const rows = asked[0].shape[0]!
      onRows(rows)
      const found: ScoreWithDivergence[] = []
      for (let start = 0; start < rows; start += block) {
        const indices = Int32Array.from({ length: block }, (_, i) => (start + i) % rows)
        const some = asked.map((x) => own(tidy(() => gather(x, tensor(indices, [block], 'int32')))))
        found.push(own(await divergence(...(some as [Tensor, Tensor, Tensor]))))
      }
      const all = own(tensor(Int32Array.from(Array(rows).keys()), [rows], 'int32'))
      const joined = (part: (one: ScoreWithDivergence) => Tensor): Tensor =>
        tidy(() => gather(concat(found.map(part), 0), all))
      return { score: joined(({ score }) => score), divergence: joined(({ divergence }) => divergence) }
    })
}

/** Bits per dimension of uniformly dequantised images, or negative log-likelihood of points in nats. */
export async function judge(
  config: RunConfig,
  { process }: Model,
  { divergence }: LoadedDivergence,
  dataset: Dataset,
  { count, key, tolerance, bound, pool: most }: Judging,
  context: Context,
): Promise<Judged> {
  const { signal, report } = context
  const dims = config.shape.reduce((a, b) => a * b, 1)
  const { range } = config
  const inUnit = (nats: number): number => (range ? bitsPerDim(-nats, dims, { range }) : nats)
  const values: number[] = []
  const bounds: number[] = []
  let evaluations = 0
  const pool = Math.min(most ?? poolOf(dims), count)
  let note = ''
  const blocks = inBlocks(divergence, pool, (rows) => {
    evaluations += rows
  })
  report?.('likelihood', 0, count)
  for (let start = 0; start < count; start += pool) {
    const size = Math.min(pool, count - start)
    await scoped(async (own) => {
      const x = own(
        await dataset.take(start, size, foldIn(key, 0), { range: range ?? [0, 1], dequantize: true }),
      )
      const { logDensity, latent } = await logLikelihood({ process }, x, {
        divergence: blocks,
        dropFinished: true,
        key: foldIn(foldIn(key, 1), start),
        tolerance,
        onProgress: ({ index, steps }) =>
          report?.('likelihood', start + Math.floor((size * index) / steps), count, note),
        ...(signal && { signal }),
      })
      own([logDensity, latent])
      for (const value of await logDensity.data()) values.push(inUnit(-value))
      const most = await bound?.of(x, foldIn(foldIn(key, 2), start), context)
      if (most) bounds.push(...most.map(inUnit))
    })
    note = describeMean(meanOf(values), 3)
    report?.('likelihood', start + size, count, note)
  }
  return {
    ...meanOf(values),
    ...(bounds.length > 0 && { bound: meanOf(bounds) }),
    count,
    evaluations: evaluations / count,
  }
}

/** Mean and its standard error. */
export function meanOf(values: readonly number[]): Mean {
  const n = values.length
  const mean = values.reduce((a, b) => a + b, 0) / n
  if (n < 2) return { mean }
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1)
  return { mean, standardError: Math.sqrt(variance / n) }
}

/** A mean in so many decimals, and how far off it may be where that is known. */
export function describeMean({ mean, standardError }: Mean, digits: number): string {
  const error = standardError === undefined ? '' : ` ± ${standardError.toFixed(digits)}`
  return `${mean.toFixed(digits)}${error}`
}
