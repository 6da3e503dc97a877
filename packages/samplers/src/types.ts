import type { Score } from '@sgm/score'
import type { LinearSDE } from '@sgm/sde'
import type { Key, Shape, Tensor } from '@sgm/tensor'

/** What is to be sampled: a forward process and the score of its marginals. */
export interface Problem<Process = LinearSDE> {
  readonly process: Process
  readonly score: Score
  /** ln p_t(x) up to a constant, `[B]`: what the Metropolis–Hastings samplers need beside the score. */
  readonly logDensity?: Score
}

/** Standard normal numbers of a shape, the caller's to free; those of one key are the same each time. */
export type NormalNoise = (key: Key, shape: Shape) => Tensor

/** One step from time t to time s (s < t when sampling, s > t when encoding, s = t for a Markov chain at one noise level). */
export interface Step<State> {
  /** `[B, ...D]`; the step must not dispose it. */
  readonly x: Tensor
  readonly t: number
  readonly s: number
  /** Randomness of this step alone. */
  readonly key: Key
  /** The normal numbers of a key: where a step draws its noise from. */
  readonly normal: NormalNoise
  readonly state: State
  /** 0, 1, … */
  readonly index: number
  /** The whole grid of the run: t is `times[index]`, and its last entry is where the run ends. */
  readonly times: readonly number[]
}

/** What a step leaves. The driver frees what it replaces: the x and the state that the step was given. */
export interface Stepped<State> {
  readonly x: Tensor
  /** May hold tensors, in arrays and plain objects of any depth. */
  readonly state: State
  /** The noise-free mean of x, where the step knows it: what a final denoising returns. */
  readonly mean?: Tensor
  /** Figures worth reporting, such as the rate of acceptance. */
  readonly stats?: Stats
}

/** Named host numbers that a step reports. */
export type Stats = Readonly<Record<string, number>>

/**
 * How a run ends: `'mean'` returns the noise-free mean of the last step where the sampler knows it (no evaluation
 * more), `'tweedie'` the posterior mean E[x₀ | x_t] = (x + σ² s(x, t)) / α (one evaluation more), `'none'` x as it is.
 */
export type Denoise = 'none' | 'mean' | 'tweedie'

/** The times a run visits: `steps + 1` numbers from `start` to `end`. */
export type Grid<Process = LinearSDE> = (process: Process, span: GridSpan) => readonly number[]

/** What a {@link Grid} fills. */
export interface GridSpan {
  readonly steps: number
  readonly start: number
  readonly end: number
}

/** What a run does when its options do not say; a grid that is not named here is the process's own. */
export interface SamplerDefaults<Process = LinearSDE> {
  readonly steps?: number
  readonly grid?: Grid<Process>
  readonly denoise?: Denoise
}

/** A sampling algorithm: a pure step. The driver owns the loop. */
export interface Sampler<State = unknown, Process = LinearSDE> {
  readonly name: string
  /**
   * Order of convergence in the step size: of the law (weak order) for stochastic samplers, and of the stationary law
   * for Markov chains, where one that is exact says `Infinity`.
   */
  readonly order: number
  /** Score evaluations of one step; absent where that varies. */
  readonly evaluationsPerStep?: number
  readonly defaults?: SamplerDefaults<Process>
  init(problem: Problem<Process>, x: Tensor): State
  step(problem: Problem<Process>, step: Step<State>): Promise<Stepped<State>>
}
