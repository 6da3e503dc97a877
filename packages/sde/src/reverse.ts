import { add, full, mul, square, sub, type Tensor, tidy } from '@sgm/tensor'
import {
  checkAtLeast,
  checkFinite,
  checkFunctions,
  checkShape,
  checkTensors,
  expectedType,
  objectOf,
} from '@sgm/tensor/check'
import { isLinear } from './capabilities'
import { checkItoSde, checkLinearSde } from './check-process'
import type { ItoSDE, LinearSDE, Process } from './types'

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
 * @param eta η >= 0. @default 1
 * @returns The coefficients at a time of the process's interval: a function, since adaptive solvers ask for one time a row.
 * @throws RangeError unless eta >= 0.
 * @example
 * const { onX, onScore, noise } = reverseCoefficients(vp())(1)
 * onX // → -10
 */
export function reverseCoefficients(process: LinearSDE, eta = 1): (t: number) => ReverseCoefficients {
  return coefficientsOf('reverseCoefficients', process, eta)
}

function coefficientsOf(where: string, process: LinearSDE, eta: number): (t: number) => ReverseCoefficients {
  checkLinearSde(where, process)
  checkAtLeast(where, { eta }, 0)
  return (t) => {
    const g = process.diffusion(t)
    return { onX: process.drift(t), onScore: -0.5 * (1 + eta * eta) * g * g, noise: eta * g }
  }
}

/**
 * The drift of the reverse SDE, f x − g² s, at time t; the noise beside it is g(t). For η other than 1, see
 * {@link reverseCoefficients}.
 *
 * @param x `[B, ...D]`
 * @param score Its score at time t, `[B, ...D]`
 * @example
 * reverseDrift(vp(), tensor([[1]]), 1, tensor([[-1]])) // → [[10]]
 */
export function reverseDrift(process: LinearSDE, x: Tensor, t: number, score: Tensor, eta = 1): Tensor {
  return driftOf('reverseDrift', process, x, t, score, eta)
}

function driftOf(
  where: string,
  process: LinearSDE,
  x: Tensor,
  t: number,
  score: Tensor,
  eta: number,
): Tensor {
  checkStates(where, x, score)
  const { onX, onScore } = coefficientsOf(where, process, eta)(t)
  return tidy(() => add(mul(x, onX), mul(score, onScore)))
}

/** Throws unless states `[B, ...D]` and their score are tensors of one shape. */
function checkStates(where: string, x: Tensor, score: Tensor): void {
  checkTensors(where, { x, score })
  checkShape(where, 'score', score.shape, x.shape)
}

/**
 * The velocity dx/dt of the probability-flow ODE, f x − ½ g² s, at time t: x and its score `[B, ...D]` → `[B, ...D]`.
 *
 * @param x States `[B, ...]`.
 * @param score Of the noised data at x and t.
 * @example
 * const process = vp()
 * probabilityFlowDrift(process, tensor([[1]]), 1, tensor([[-1]])) // → [[0]]
 */
export function probabilityFlowDrift(process: LinearSDE, x: Tensor, t: number, score: Tensor): Tensor {
  return driftOf('probabilityFlowDrift', process, x, t, score, 0)
}

/**
 * Reverses a linear process by its score: the SDE dx = [f x − ½(1 + η²) g² s] dt + η g dw̄, whose time runs from the end of
 * the interval down to its start.
 *
 * @param score ∇ ln p_t: x `[B, ...D]`, t `[B]` → `[B, ...D]`
 * @param eta 1: the reverse SDE; 0: the probability-flow ODE. @default 1
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const back = reverseSde(process, score)
 * back.drift(zeros([8, 2]), 1).shape // → [8, 2]
 */
export function reverseSde(process: LinearSDE, score: (x: Tensor, t: Tensor) => Tensor, eta = 1): ItoSDE {
  checkLinearSde('reverseSde', process)
  checkFunctions('reverseSde', { score })
  checkAtLeast('reverseSde', { eta }, 0)
  return {
    interval: process.interval,
    drift: (x, t) => {
      checkTensors('reverseSde', { x })
      checkFinite('reverseSde', { t })
      return tidy(() => driftOf('reverseSde', process, x, t, score(x, full([x.shape[0] ?? 1], t)), eta))
    },
    diffusion: (_, t) => coefficientsOf('reverseSde', process, eta)(t).noise,
  }
}

/** One Euler–Maruyama step of the reverse-time SDE: the mean of x_s, and what standard normal noise is multiplied by. */
export interface ReverseStep {
  readonly mean: Tensor
  readonly spread: number | Tensor
}

const DIVERGENCE =
  'process.diffusionDivergence(x, t), as itoSde() derives it, where process.diffusion(x, t) is a tensor'

/**
 * Steps the reverse-time SDE of either kind of process from time t to s < t, h = t − s: mean = x − h (f − ∇·G − g² s) with
 * G = diag(g²), spread = √h g. ∇·G is 0 unless g depends on x; the entry i of g may depend on the entry i of x alone.
 *
 * Reference: Anderson 1982; Song et al. 2021, equation 6 and appendix A.
 *
 * @param process Linear, or any Itô process: by {@link itoSde} where its noise depends on x.
 * @param step x `[B, ...D]`, its time and the time to step to
 * @param score The score of x at time t, `[B, ...D]`
 * @throws TypeError where the noise depends on x and the process does not bring ∇·G.
 * @example
 * const step = { x: tensor([[1]]), t: 1, s: 0.9 }
 * const { mean, spread } = reverseStep(vp(), step, tensor([[-1]]))
 * mean // → [[0]]
 */
export function reverseStep(
  process: Process,
  step: { readonly x: Tensor; readonly t: number; readonly s: number },
  score: Tensor,
): ReverseStep {
  const { x, t, s } = objectOf('reverseStep', step, 'a step')
  checkItoSde('reverseStep', process)
  checkFinite('reverseStep', { t, s })
  checkStates('reverseStep', x, score)
  const h = t - s
  const root = Math.sqrt(h)
  if (isLinear(process)) {
    const { onX, onScore, noise } = coefficientsOf('reverseStep', process, 1)(t)
    return {
      mean: tidy(() => add(mul(x, 1 - h * onX), mul(score, -h * onScore))),
      spread: root * noise,
    }
  }
  return tidy(() => {
    const g = process.diffusion(x, t)
    const still = sub(process.drift(x, t), mul(score, typeof g === 'number' ? g ** 2 : square(g)))
    if (typeof g === 'number') return { mean: sub(x, mul(still, h)), spread: root * g }
    const { diffusionDivergence } = process
    if (!diffusionDivergence) throw expectedType('reverseStep', DIVERGENCE, diffusionDivergence)
    const drift = sub(still, diffusionDivergence(x, t))
    return { mean: sub(x, mul(drift, h)), spread: mul(g, root) }
  })
}
