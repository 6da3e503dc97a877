import { type LinearSDE, posteriorMean } from '@sgm/sde'
import { add, alignRows, div, grad, mul, neg, square, sub, type Tensor, tidy } from '@sgm/tensor'
import { checkAt } from '../check-at'
import type { ScoreFunction } from '../types'
import { type Parametrisation, parametrisation } from './parametrisation'

/** Where a function is asked, and the level there, aligned to x. */
interface Point {
  readonly process: LinearSDE
  readonly x: Tensor
  readonly t: Tensor
  readonly alpha: Tensor
  readonly sigma: Tensor
}

/** A pointwise map of f(x, t), lifted to functions. */
function lifted(
  where: string,
  map: (value: Tensor, at: Point) => Tensor,
): (f: ScoreFunction, process: LinearSDE) => ScoreFunction {
  return (f, process) => (x, t) => {
    checkAt(where, x, t)
    return tidy(() => {
      const { alpha, sigma } = process.marginalAt(t)
      return map(f(x, t), { process, x, t, alpha: alignRows(alpha, x), sigma: alignRows(sigma, x) })
    })
  }
}

const toNoise = (score: Tensor, { sigma }: Point): Tensor => neg(mul(score, sigma))
const fromNoise = (noise: Tensor, { sigma }: Point): Tensor => neg(div(noise, sigma))
const toData = (score: Tensor, { process, x, t }: Point): Tensor => posteriorMean(process, x, t, score)

/** A prediction that depends on the score pointwise. */
const pointwise = (
  where: string,
  maps: Record<'toScore' | 'fromScore', (value: Tensor, at: Point) => Tensor>,
): Parametrisation =>
  parametrisation({ toScore: lifted(where, maps.toScore), fromScore: lifted(where, maps.fromScore) })

/** The score itself. */
export const scorePrediction = /* @__PURE__ */ parametrisation({
  toScore: (f) => f,
  fromScore: (score) => score,
})

/** σ times the score, −E[ε | x]: a network divided by σ, as in NCSNv2 and the published tutorial. s = f/σ. */
export const scaledScorePrediction = /* @__PURE__ */ pointwise('scaledScorePrediction', {
  toScore: (f, { sigma }) => div(f, sigma),
  fromScore: (s, { sigma }) => mul(s, sigma),
})

/** The noise ε, E[ε | x] = −σs (Ho et al. 2020, section 3.2). s = −f/σ. */
export const noisePrediction = /* @__PURE__ */ pointwise('noisePrediction', {
  toScore: fromNoise,
  fromScore: toNoise,
})

/** The data, E[x₀ | x] = (x + σ²s)/α, a denoiser (Tweedie's formula; Efron 2011). s = (αf − x)/σ². */
export const dataPrediction = /* @__PURE__ */ pointwise('dataPrediction', {
  toScore: (f, { x, alpha, sigma }) => div(sub(mul(alpha, f), x), square(sigma)),
  fromScore: toData,
})

/**
 * The velocity v = αε − σx₀ (Salimans and Ho 2022, appendix D), here for any α and σ:
 * E[ε | x] = (σx + αf)/(α² + σ²), s = −(x + (α/σ)f)/(α² + σ²).
 */
export const velocityPrediction = /* @__PURE__ */ pointwise('velocityPrediction', {
  toScore: (f, { x, alpha, sigma }) =>
    neg(div(add(x, mul(div(alpha, sigma), f)), add(square(alpha), square(sigma)))),
  fromScore: (s, at) => sub(mul(at.alpha, toNoise(s, at)), mul(at.sigma, toData(s, at))),
})

/**
 * The flow u = dx_t/dt = α̇x₀ + σ̇ε, the velocity of the probability-flow ODE (Lipman et al. 2023, section 4;
 * rectified flow where α = 1 − t, σ = t). E[ε | x] = (αf − α̇x)/(ασ̇ − σα̇), s = −E[ε | x]/σ.
 */
export const flowPrediction = /* @__PURE__ */ pointwise('flowPrediction', {
  toScore: (f, at) => {
    const { alpha, sigma } = at
    const rates = ratesAt(at)
    const noise = div(
      sub(mul(alpha, f), mul(rates.alpha, at.x)),
      sub(mul(alpha, rates.sigma), mul(sigma, rates.alpha)),
    )
    return fromNoise(noise, at)
  },
  fromScore: (s, at) => {
    const rates = ratesAt(at)
    return add(mul(rates.alpha, toData(s, at)), mul(rates.sigma, toNoise(s, at)))
  },
})

/** The time derivatives of α and σ, aligned to x. */
function ratesAt({ process, x, t }: Point) {
  const rate = (of: 'alpha' | 'sigma'): Tensor =>
    alignRows(grad((s: Tensor) => process.marginalAt(s)[of])(t), x)
  return { alpha: rate('alpha'), sigma: rate('sigma') }
}
