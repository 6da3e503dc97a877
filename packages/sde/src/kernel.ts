import { add, alignRows, div, expected, mul, neg, square, sub, type Tensor, tidy } from '@sgm/tensor'
import { checkFinite, checkShape, checkTensors, isTensor } from '@sgm/tensor/check'
import { checkLinearSde, checkTimes } from './check-process'
import type { LinearSDE, Marginal } from './types'

/** A time for the whole batch (host, float64), or one a row: `[B]`. */
export type Times = number | Tensor

/**
 * Draws from the perturbation kernel p(x_t | x_0) by its noise: x_t = α(t) x_0 + σ(t) z.
 *
 * @param x0 `[B, ...D]`
 * @param t A number, or `[B]`
 * @param z Standard normal noise, `[B, ...D]`
 * @example
 * const process = edm()
 * perturb(process, tensor([[1, 1]]), 0.5, tensor([[2, -2]])) // → [[2, 0]]
 */
export function perturb(process: LinearSDE, x0: Tensor, t: Times, z: Tensor): Tensor {
  checkKernel('perturb', process, t, { x0, z })
  return tidy(() => {
    const { alpha, sigma } = kernelAt(process, t, x0)
    return add(mul(x0, alpha), mul(z, sigma))
  })
}

/**
 * The score of the perturbation kernel, ∇ ln p(x_t | x_0) = −(x_t − α x_0)/σ² = −z/σ: what denoising score matching
 * regresses on.
 *
 * @param t A number, or `[B]`; σ(t) must be > 0
 * @param z The noise that made x_t, `[B, ...D]`
 * @example
 * const process = edm()
 * kernelScore(process, 0.5, tensor([[1, -2]])) // → [[-2, 4]]
 */
export function kernelScore(process: LinearSDE, t: Times, z: Tensor): Tensor {
  checkKernel('kernelScore', process, t, { z })
  return tidy(() => neg(div(z, kernelAt(process, t, z).sigma)))
}

/**
 * The noise that takes x_0 to x_t: z = (x_t − α x_0)/σ, all `[B, ...D]`. The inverse of {@link perturb}.
 *
 * @example
 * const process = ve()
 * const x0 = zeros([2, 2])
 * const z = normal(key(0), [2, 2])
 * const same = kernelNoise(process, x0, 0.5, perturb(process, x0, 0.5, z)) // z
 */
export function kernelNoise(process: LinearSDE, x0: Tensor, t: Times, xt: Tensor): Tensor {
  checkKernel('kernelNoise', process, t, { x0, xt })
  return tidy(() => {
    const { alpha, sigma } = kernelAt(process, t, x0)
    return div(sub(xt, mul(x0, alpha)), sigma)
  })
}

/**
 * What the score sees behind x_t, by Tweedie's formula: E[x_0 | x_t] = (x_t + σ² s)/α, all `[B, ...D]`.
 *
 * @param xt Noised data `[B, ...]`.
 * @param t A number, or `[B]`
 * @param score ∇ ln p_t at x_t
 * @example
 * const process = edm()
 * posteriorMean(process, tensor([[2, 0]]), 0.5, tensor([[-4, 4]])) // → [[1, 1]]
 */
export function posteriorMean(process: LinearSDE, xt: Tensor, t: Times, score: Tensor): Tensor {
  checkKernel('posteriorMean', process, t, { xt, score })
  return tidy(() => {
    const { alpha, sigma } = kernelAt(process, t, xt)
    if (typeof sigma === 'number') return div(add(xt, mul(score, sigma ** 2)), alpha)
    return div(add(xt, mul(score, square(sigma))), alpha)
  })
}

/**
 * The exact transition p(x_t | x_s) = N(alpha · x_s, sigma² I) of a linear SDE: alpha = α(t)/α(s), sigma² = σ(t)² − alpha² σ(s)².
 * For the steps of a DDPM, alpha² is 1 − β_i, the factor of the Langevin corrector's step size in the reference code.
 *
 * @param s The earlier time.
 * @param t The later time.
 * @throws RangeError unless s <= t.
 * @example
 * transition(edm(), 3, 5) // → { alpha: 1, sigma: 4 }
 */
export function transition(process: LinearSDE, s: number, t: number): Marginal<number> {
  checkLinearSde('transition', process)
  checkFinite('transition', { s, t })
  if (!(s <= t)) throw expected('transition', 's <= t', `s = ${s} and t = ${t}`)
  const [from, to] = [process.marginal(s), process.marginal(t)]
  const alpha = to.alpha / from.alpha
  const carried = alpha * from.sigma
  return { alpha, sigma: Math.sqrt(Math.max(0, (to.sigma - carried) * (to.sigma + carried))) }
}

function checkKernel(
  where: string,
  process: LinearSDE,
  t: Times,
  tensors: Readonly<Record<string, Tensor>>,
): void {
  checkLinearSde(where, process)
  checkTensors(where, tensors)
  const { shape } = Object.values(tensors)[0]!
  for (const [name, x] of Object.entries(tensors)) checkShape(where, name, x.shape, shape)
  if (isTensor(t)) {
    checkTimes(where, t)
    if (t.shape.length === 1) checkShape(where, 't', t.shape, shape.slice(0, 1))
  } else checkFinite(where, { t })
}

function kernelAt(process: LinearSDE, t: Times, like: Tensor): Marginal<Tensor | number> {
  if (typeof t === 'number') return process.marginal(t)
  const { alpha, sigma } = process.marginalAt(t)
  return { alpha: alignRows(alpha, like), sigma: alignRows(sigma, like) }
}
