import type { Score } from '@sgm/score'
import type { Process } from '@sgm/sde'
import { expected } from '@sgm/tensor'
import type { Sampler } from '../types'
import type { RunOptions } from './plan'
import { type Point, trajectory } from './trajectory'

/** A density known by its score: what a Markov chain samples. */
export interface Target {
  readonly score: Score
  /** ln p(x) up to a constant, `[B]`: what the Metropolis–Hastings samplers need. */
  readonly logDensity?: Score
  /** A forward process, where `score` is that of its marginals. */
  readonly process?: Process
}

/** Options of {@link chain}. */
export interface ChainOptions
  extends Omit<RunOptions<Process | undefined>, 'times' | 'start' | 'end' | 'shape'> {
  /** The time, that is the noise level, that the chain stays at. @default 0 */
  readonly t?: number
}

/**
 * Runs a Markov chain a row at one noise level, as {@link trajectory} runs a sampler. The score needs no process.
 *
 * ```ts
 * for await (const { x, stats } of chain({ score, logDensity }, mala(), { key: key(0), x: start, steps: 1000 })) …
 * ```
 */
export function chain(
  target: Target,
  sampler: Sampler<Process | undefined>,
  { t = 0, steps = sampler.defaults?.steps ?? 1000, denoise = 'none', ...options }: ChainOptions,
): AsyncGenerator<Point, void, undefined> {
  if (!Number.isFinite(t)) throw expected('chain', 't to be finite', t)
  if (!Number.isInteger(steps) || steps < 1) throw expected('chain', 'steps to be an integer >= 1', steps)
  return trajectory<Process | undefined>({ process: undefined, ...target }, sampler, {
    ...options,
    denoise,
    times: new Array<number>(steps + 1).fill(t),
  })
}
