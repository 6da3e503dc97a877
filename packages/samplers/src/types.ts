import type { Score } from '@sgm/score'
import type { LinearSDE, TimeGrid } from '@sgm/sde'
import type { Key, Shape, Tensor, TypedArray } from '@sgm/tensor'
import type { Steps } from './run/steps'

/** What is to be sampled: a forward process and the score of its marginals. */
export interface Problem<P = LinearSDE> {
  readonly process: P
  readonly score: Score
  /** ln p_t(x) up to a constant, `[B]`: what the Metropolis–Hastings samplers need beside the score. */
  readonly logDensity?: Score
}

/** Standard normal numbers of a shape, the caller's to free; those of one key are the same each time. */
export type NormalNoise = (key: Key, shape: Shape) => Tensor

/** What a step is given to do its mathematics with. Tensors are the driver's to free, those that a step makes too. */
export interface Context<P = LinearSDE> {
  readonly process: P
  /** ∇ ln p_t(x): x `[B, ...D]` at one time, or at one time a row `[B]` → `[B, ...D]`. */
  score(x: Tensor, t: number | Tensor): Steps<Tensor>
  /** ln p_t(x) up to a constant: x `[B, ...D]` → `[B]`. Absent where the problem has none. */
  readonly logDensity?: (x: Tensor, t: number | Tensor) => Steps<Tensor>
  /** Standard normal numbers that nothing else uses. @param shape `@default` that of the x of the step */
  noise(shape?: Shape): Tensor
  /** Uniform numbers in [0, 1) that nothing else uses. */
  uniform(shape: Shape): Tensor
  /** The values of a tensor, for decisions of the host. */
  read(x: Tensor): Steps<TypedArray>
}

/** One step from time t to time s (s < t when sampling, s > t when encoding, s = t for a Markov chain at one noise level). */
export interface Step<State = unknown> {
  /** `[B, ...D]` */
  readonly x: Tensor
  readonly t: number
  readonly s: number
  /** What the last step left; absent in the first. */
  readonly state?: State | undefined
  /** 0, 1, … */
  readonly index: number
  /** The whole grid of the run: t is `times[index]`, and its last entry is where the run ends. */
  readonly times: readonly number[]
}

/** What a step leaves. */
export interface Stepped<State = unknown> {
  readonly x: Tensor
  /** What the next step needs to know. May hold tensors, in arrays and plain objects of any depth. */
  readonly state?: State | undefined
  /** The noise-free mean of x, where the step knows it: what a final denoising returns. */
  readonly mean?: Tensor
  /** Figures worth reporting, such as the rate of acceptance: numbers, or scalars that the run reads. */
  readonly stats?: Readonly<Record<string, number | Tensor>>
}

/** Named host numbers that a step reports. */
export type Stats = Readonly<Record<string, number>>

/**
 * How a run ends: `'mean'` returns the noise-free mean of the last step where the sampler knows it (no evaluation
 * more), `'tweedie'` the posterior mean E[x₀ | x_t] = (x + σ² s(x, t)) / α (one evaluation more), `'none'` x as it is.
 */
export type Denoise = 'none' | 'mean' | 'tweedie'

/** What a run does when its options do not say; a grid that is not named here is the process's own. */
export interface SamplerDefaults<P = LinearSDE> {
  readonly steps?: number
  readonly grid?: TimeGrid<P>
  readonly denoise?: Denoise
}

/**
 * A sampling algorithm: a step that is its mathematics alone. The driver owns the loop, the memory and the keys.
 *
 * ```ts
 * const euler: Sampler<Process> = {
 *   name: 'euler',
 *   order: 1,
 *   *step({ process, score, noise }, { x, t, s }) {
 *     const { mean, spread } = reverseStep(process, { x, t, s }, yield* score(x, t))
 *     return { x: add(mean, mul(noise(), spread)), mean }
 *   },
 * }
 * ```
 *
 * @typeParam P What it asks of a process: `LinearSDE` its marginals, `Process` its coefficients, `unknown` nothing.
 * @typeParam State What its steps hand on; of no concern to who runs it.
 */
export interface Sampler<in P = LinearSDE, out State = unknown> {
  /** The name of the function that makes it. */
  readonly name: string
  /**
   * Order of convergence in the step size: of the law (weak order) for stochastic samplers, and of the stationary law
   * for Markov chains, where one that is exact says `Infinity`.
   */
  readonly order: number
  /** Score evaluations of one step; absent where that varies. */
  readonly evaluationsPerStep?: number | undefined
  /** Whether it steps from noise to data alone, so that a run's times must fall. @default false */
  readonly backward?: boolean | undefined
  readonly defaults?: SamplerDefaults<P> | undefined
  step(context: Context<P>, step: Step<State>): Steps<Stepped<State>>
}
