import type { LinearSDE } from '@sgm/sde'
import { add, alignRows, div, grad, mul, neg, square, sub, type Tensor, tidy } from '@sgm/tensor'
import type { ScoreFunction } from '../types'
import { parametrisation } from './parametrisation'

/** A pointwise map of (f(x, t), x, α, σ), lifted to functions. */
function lifted(
  map: (value: Tensor, x: Tensor, alpha: Tensor, sigma: Tensor) => Tensor,
): (f: ScoreFunction, process: LinearSDE) => ScoreFunction {
  return (f, process) => (x, t) =>
    tidy(() => {
      const { alpha, sigma } = process.marginalAt(t)
      return map(f(x, t), x, alignRows(alpha, x), alignRows(sigma, x))
    })
}

/** The score itself. */
export const scorePrediction = /* @__PURE__ */ parametrisation({
  toScore: (f) => f,
  fromScore: (score) => score,
})

/** σ times the score, −E[ε | x]: a network divided by σ, as in NCSNv2 and the published tutorial. s = f/σ. */
export const scaledScorePrediction = /* @__PURE__ */ parametrisation({
  toScore: lifted((f, _, __, sigma) => div(f, sigma)),
  fromScore: lifted((s, _, __, sigma) => mul(s, sigma)),
})

/** The noise ε, E[ε | x] = −σs (Ho et al. 2020, section 3.2). s = −f/σ. */
export const noisePrediction = /* @__PURE__ */ parametrisation({
  toScore: lifted((f, _, __, sigma) => neg(div(f, sigma))),
  fromScore: lifted((s, _, __, sigma) => neg(mul(s, sigma))),
})

/** The data, E[x₀ | x] = (x + σ²s)/α, a denoiser (Tweedie's formula; Efron 2011). s = (αf − x)/σ². */
export const dataPrediction = /* @__PURE__ */ parametrisation({
  toScore: lifted((f, x, alpha, sigma) => div(sub(mul(alpha, f), x), square(sigma))),
  fromScore: lifted((s, x, alpha, sigma) => div(add(x, mul(square(sigma), s)), alpha)),
})

/**
 * The velocity v = αε − σx₀ (Salimans and Ho 2022, appendix D), here for any α and σ:
 * E[ε | x] = (σx + αf)/(α² + σ²), s = −(x + (α/σ)f)/(α² + σ²).
 */
export const velocityPrediction = /* @__PURE__ */ parametrisation({
  toScore: lifted((f, x, alpha, sigma) =>
    neg(div(add(x, mul(div(alpha, sigma), f)), add(square(alpha), square(sigma)))),
  ),
  fromScore: lifted((s, x, alpha, sigma) => {
    const noise = neg(mul(sigma, s))
    return sub(mul(alpha, noise), mul(sigma, div(sub(x, mul(sigma, noise)), alpha)))
  }),
})

/**
 * The flow u = dx_t/dt = α̇x₀ + σ̇ε, the velocity of the probability-flow ODE (Lipman et al. 2023, section 4;
 * rectified flow where α = 1 − t, σ = t). E[ε | x] = (αf − α̇x)/(ασ̇ − σα̇), s = −E[ε | x]/σ.
 */
export const flowPrediction = /* @__PURE__ */ parametrisation({
  toScore: (f, process) => (x, t) =>
    tidy(() => {
      const { alpha, sigma, alphaRate, sigmaRate } = ratesAt(process, t, x)
      const noise = div(
        sub(mul(alpha, f(x, t)), mul(alphaRate, x)),
        sub(mul(alpha, sigmaRate), mul(sigma, alphaRate)),
      )
      return neg(div(noise, sigma))
    }),
  fromScore: (score, process) => (x, t) =>
    tidy(() => {
      const { alpha, sigma, alphaRate, sigmaRate } = ratesAt(process, t, x)
      const noise = neg(mul(sigma, score(x, t)))
      const data = div(sub(x, mul(sigma, noise)), alpha)
      return add(mul(alphaRate, data), mul(sigmaRate, noise))
    }),
})

/** α, σ and their time derivatives, aligned to x. */
function ratesAt(process: LinearSDE, t: Tensor, x: Tensor) {
  const { alpha, sigma } = process.marginalAt(t)
  const alphaRate = grad((s: Tensor) => process.marginalAt(s).alpha)(t)
  const sigmaRate = grad((s: Tensor) => process.marginalAt(s).sigma)(t)
  return {
    alpha: alignRows(alpha, x),
    sigma: alignRows(sigma, x),
    alphaRate: alignRows(alphaRate, x),
    sigmaRate: alignRows(sigmaRate, x),
  }
}
