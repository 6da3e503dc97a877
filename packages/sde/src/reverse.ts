import { add, full, mul, type Tensor, tidy } from '@sgm/tensor'
import { checkHalfOpen } from './check'
import type { ItoSDE, LinearSDE } from './types'

/** Numbers of the drift `x · onX + score · onScore` and of the noise beside it, at one time. */
export interface ReverseCoefficients {
  readonly onX: number
  readonly onScore: number
  readonly noise: number
}

/**
 * The coefficients of the family of processes with the marginals of the forward one,
 * dx = [f x − ½(1 + η²) g² ∇ ln p_t] dt + η g dw̄: η = 1 is the reverse SDE (Anderson 1982; Song et al. 2021, eq. 6),
 * η = 0 the probability-flow ODE (eq. 13).
 *
 * @throws RangeError unless eta >= 0.
 */
export function reverseCoefficients(process: LinearSDE, t: number, eta = 1): ReverseCoefficients {
  checkHalfOpen('reverseCoefficients', 'eta', eta, 0, Number.POSITIVE_INFINITY)
  const g = process.diffusion(t)
  return { onX: process.drift(t), onScore: -0.5 * (1 + eta * eta) * g * g, noise: eta * g }
}

/**
 * The drift of the reverse SDE, f x − g² s, at time t; the noise beside it is g(t). For η other than 1, see
 * {@link reverseCoefficients}.
 *
 * @param x `[B, ...D]`
 * @param score Its score at time t, `[B, ...D]`
 */
export function reverseDrift(process: LinearSDE, x: Tensor, t: number, score: Tensor, eta = 1): Tensor {
  const { onX, onScore } = reverseCoefficients(process, t, eta)
  return tidy(() => add(mul(x, onX), mul(score, onScore)))
}

/** The velocity dx/dt of the probability-flow ODE, f x − ½ g² s, at time t: x and its score `[B, ...D]` → `[B, ...D]`. */
export function probabilityFlowDrift(process: LinearSDE, x: Tensor, t: number, score: Tensor): Tensor {
  return reverseDrift(process, x, t, score, 0)
}

/**
 * Reverses a linear process by its score: the SDE dx = [f x − ½(1 + η²) g² s] dt + η g dw̄, whose time runs from the end of
 * the interval down to its start.
 *
 * @param score ∇ ln p_t: x `[B, ...D]`, t `[B]` → `[B, ...D]`
 * @param eta 1: the reverse SDE; 0: the probability-flow ODE. @default 1
 */
export function reverseSde(process: LinearSDE, score: (x: Tensor, t: Tensor) => Tensor, eta = 1): ItoSDE {
  return {
    interval: process.interval,
    drift: (x, t) => tidy(() => reverseDrift(process, x, t, score(x, full([x.shape[0] ?? 1], t)), eta)),
    diffusion: (_, t) => reverseCoefficients(process, t, eta).noise,
  }
}

/** The probability-flow ODE of a score, as a velocity field of (x, t): see {@link probabilityFlowDrift}. */
export function probabilityFlow(
  process: LinearSDE,
  score: (x: Tensor, t: Tensor) => Tensor,
): (x: Tensor, t: number) => Tensor {
  return reverseSde(process, score, 0).drift
}
