import type { Score } from '@sgm/score'
import type { LinearSDE } from '@sgm/sde'
import type { Key, Tensor } from '@sgm/tensor'

/** What is to be sampled: a forward process and the score of its marginals. */
export interface Problem {
  readonly process: LinearSDE
  readonly score: Score
}

/** One step from time t to time s (s < t when sampling, s > t when encoding). */
export interface Step<State> {
  /** `[B, ...D]`; the step must not dispose it. */
  readonly x: Tensor
  readonly t: number
  readonly s: number
  /** Randomness of this step alone. */
  readonly key: Key
  readonly state: State
  /** 0, 1, … */
  readonly index: number
}

/** What a step leaves. */
export interface Stepped<State> {
  readonly x: Tensor
  readonly state: State
  /** The noise-free mean of x, where the step knows it: what a final denoising returns. */
  readonly mean?: Tensor
}

/** A sampling algorithm: a pure step. The driver owns the loop. */
export interface Sampler<State = unknown> {
  readonly name: string
  /** Order of convergence (weak order for stochastic samplers). */
  readonly order: number
  /** Score evaluations of one step, where that is a constant. */
  readonly evaluationsPerStep: number
  init(problem: Problem, x: Tensor): State
  step(problem: Problem, step: Step<State>): Promise<Stepped<State>>
}
