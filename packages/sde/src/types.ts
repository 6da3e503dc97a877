import type { Key, Shape, Tensor } from '@sgm/tensor'

/** Of p(x_t | x_0) = N(alpha · x_0, sigma² I): the factor of the mean and the standard deviation. */
export interface Marginal<T> {
  readonly alpha: T
  readonly sigma: T
}

/** The Gaussian N(0, sigma² I) that a forward process ends in. */
export interface Prior {
  readonly sigma: number
  /** Draws of the given shape `[B, ...D]`; row i depends on (key, i) only. */
  sample(key: Key, shape: Shape): Tensor
  /** Log-density in nats, one number per row: `[B, ...D]` → `[B]`. */
  logDensity(x: Tensor): Tensor
}

/** Where to stop short of time 0, where most processes are singular. */
export interface CutOffs {
  /** Smallest time to train at. */
  readonly train: number
  /** Time at which sampling ends. */
  readonly sample: number
  /** Time at which likelihoods and codes start. */
  readonly likelihood: number
}

/** The ends of a {@link TimeGrid}. */
export interface TimeSpan {
  /** Number of steps, >= 1. */
  readonly steps: number
  /** Time of the first step. @default the end of the process's interval; 0 where there is none */
  readonly start?: number
  /** Time at which the last step ends. @default `process.cutOffs.sample`, else the start of the interval; 0 where there is none */
  readonly end?: number
}

/** Chooses the `steps + 1` times that a run visits, from `start` to `end`, in either direction. */
export type TimeGrid<P = LinearSDE> = (process: P, span: TimeSpan) => readonly number[]

/**
 * A linear forward process dx = f(t) x dt + g(t) dw with f and g numbers: all that samplers, losses and
 * likelihoods ask of it. Coefficients on the host are float64. Knows no step count: that belongs to a run.
 */
export interface LinearSDE {
  /** The times [0, T] the process runs over. */
  readonly interval: readonly [start: number, end: number]
  readonly cutOffs: CutOffs
  /** The times that serve this process in a run that names none. */
  readonly grid: TimeGrid
  /** f(t). */
  drift(t: number): number
  /** g(t) >= 0. */
  diffusion(t: number): number
  /** alpha(t) and sigma(t) of p(x_t | x_0). */
  marginal(t: number): Marginal<number>
  /** {@link marginal} of a tensor of times `[B]`, as tensors `[B]`. May be traced and differentiated. */
  marginalAt(t: Tensor): Marginal<Tensor>
  readonly prior: Prior
}

/**
 * A general Itô process dx = f(x, t) dt + g(x, t) dw with diagonal noise. What samplers accept where no closed
 * form of the marginal is needed.
 */
export interface ItoSDE {
  readonly interval: readonly [start: number, end: number]
  /** f: x `[B, ...D]` at time t → `[B, ...D]`. */
  drift(x: Tensor, t: number): Tensor
  /** g: `[B, ...D]`, or one number for all entries. */
  diffusion(x: Tensor, t: number): Tensor | number
  /** ∇·diag(g²) `[B, ...D]`, which the reverse of a process needs whose noise depends on x: {@link itoSde} derives it. @default 0 */
  diffusionDivergence?(x: Tensor, t: number): Tensor
}

/** A forward process: by its marginals, or by its coefficients alone. {@link isLinear} tells which. */
export type Process = LinearSDE | ItoSDE
