import type { Score } from '@sgm/score'
import type { Process } from '@sgm/sde'
import { checkFinite, checkIntegers, objectOf, optionsOf } from '@sgm/tensor/check'
import type { Problem, Sampler } from '../types'
import { checkSampler } from './check-sampler'
import { MOST_STEPS, plan, type RunOptions, runNames } from './plan'
import { type Point, run } from './trajectory'

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
 * @param target The density that the chain is to have: its score, and `logDensity` for those that accept and reject.
 * @param sampler {@link langevin}, {@link mala}, {@link hmc} or {@link underdampedLangevin}.
 * @example
 * const { score, logDensity } = gaussianMixture()
 * const options = { key: key(0), x: zeros([64, 2]), steps: 20 }
 * const run = chain({ score, logDensity }, mala(), options)
 * for await (const { x, stats } of run) console.log(await x.data(), stats)
 */
export function chain(
  target: Target,
  sampler: Sampler<Process | undefined>,
  options: ChainOptions,
): AsyncGenerator<Point, void, undefined> {
  objectOf('chain', target, 'a target')
  checkSampler('chain', { sampler })
  const usual = sampler.defaults?.steps ?? 1000
  const {
    t = 0,
    steps = usual,
    denoise = 'none',
    ...rest
  } = optionsOf('chain', options, {
    ...runNames,
    t: true,
  })
  checkFinite('chain', { t })
  checkIntegers('chain', { steps }, 1, MOST_STEPS)
  const times = new Array<number>(steps + 1).fill(t)
  const problem: Problem<Process | undefined> = { process: undefined, ...target }
  const planned = { ...rest, denoise, times }
  return run(problem, sampler, planned, plan('chain', problem, sampler, planned))
}
