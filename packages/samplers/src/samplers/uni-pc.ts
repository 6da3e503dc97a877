import { type LinearSDE, logSnrGrid, type NoiseLevel, noiseLevel } from '@sgm/sde'
import { mul, type Tensor } from '@sgm/tensor'
import { checkOneOf, optionsOf } from '@sgm/tensor/check'
import { combine } from '../numerics/combine'
import {
  checkOrders,
  type FinalOrders,
  orderOf,
  type Prediction,
  type Predictions,
  predictData,
  remember,
  spaced,
} from '../numerics/history'
import { weightsOfMoments } from '../numerics/polynomial'
import type { Sampler } from '../types'

/** Options of {@link uniPc}. */
export interface UniPcOptions extends FinalOrders {
  /** Order of the predictor, 1 to 3; the corrector adds one. @default 2 */
  readonly order?: number
  /** B(h) of the paper: −h or e^{−h} − 1. @default 'exponential' */
  readonly variant?: 'linear' | 'exponential'
}

/** Where the last step began, and the predictions at its start and before, the newest first. */
interface UniPcState {
  readonly x: Tensor
  readonly history: Predictions
  /** Of the predictor of that step. */
  readonly order: number
}

/**
 * Steps by the predicted data x₀, then corrects each step with the prediction at its end, which the next step
 * needs anyway: one evaluation a step.
 *
 * x_s = (σ_s/σ_t) x_t + α_s (1 − e^{−h}) x₀ − α_s B(h) Σ_k a_k (x₀ₖ − x₀)/r_k, r_k = (λₖ − λ_t)/h, with a
 * that makes the sum exact for polynomials in λ; the corrector's sum has the prediction at s (r = 1) too
 *
 * Order p + 1 for a predictor of order p: the end of the run alone is not corrected. A step that ends where σ = 0 returns x₀.
 *
 * Reference: Zhao et al. 2023, "UniPC", algorithms 5 to 8 (data prediction, multistep).
 *
 * @throws TypeError when the options are no object. RangeError when an option is out of its range.
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const x = await sample({ process, score }, uniPc(), {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 20,
 * })
 */
export function uniPc(options: UniPcOptions = {}): Sampler<LinearSDE, UniPcState> {
  const {
    order = 2,
    variant = 'exponential',
    lowerOrderFinal = false,
  } = optionsOf('uniPc', options, { lowerOrderFinal: true, order: true, variant: true })
  checkOrders('uniPc', order, { lowerOrderFinal }, [1, 2, 3])
  checkOneOf('uniPc', { variant }, ['linear', 'exponential'])
  return {
    name: 'uniPc',
    order: order + 1,
    evaluationsPerStep: 1,
    defaults: { steps: 20, grid: logSnrGrid() },
    *step(context, { x, t, s, state, ...run }) {
      const to = noiseLevel(context.process, s)
      // A time that is given again says nothing new: x is corrected once, when the run goes on.
      if (to.lambda === noiseLevel(context.process, t).lambda) return { x: mul(x, 1), state }
      const now = yield* predictData(context, x, t)
      const corrected = state
        ? integrateData(state.x, state.history, now.level, { order: state.order, variant }, now)
        : x
      const history = remember([now, ...(state?.history ?? [])], order)
      const predictor = { order: to.sigma === 0 ? 1 : orderOf(order, lowerOrderFinal, run), variant }
      const next = integrateData(corrected, history, to, predictor)
      return { x: next, state: { x: corrected, history, order: predictor.order } }
    },
  }
}

/**
 * x at level `to` from x at the level of the newest prediction; with the prediction at `to`, corrected by it.
 */
function integrateData(
  x: Tensor,
  history: Predictions,
  to: NoiseLevel,
  { order, variant }: Required<Pick<UniPcOptions, 'order' | 'variant'>>,
  ahead?: Prediction,
): Tensor {
  const { value: data, level: from } = history[0]!
  const h = to.lambda - from.lambda
  const past = spaced(history, h, order).slice(1)
  const others = ahead ? [...past, ahead] : past
  const ratios = others.map(({ level }) => (level.lambda - from.lambda) / h)
  const scale = variant === 'linear' ? -h : Math.expm1(-h)
  const weights = scaledWeights(ratios, h, scale)
  const terms = others.map((other, k): [number, Tensor] => [
    (-to.alpha * scale * weights[k]!) / ratios[k]!,
    other.value,
  ])
  const onData = terms.reduce((sum, [c]) => sum - c, -to.alpha * Math.expm1(-h))
  return combine([to.sigma / from.sigma, x], [onData, data], ...terms)
}

/** The a_k; with a single unknown the paper takes ½, which spares nothing but keeps B(h) general. */
function scaledWeights(ratios: readonly number[], h: number, scale: number): number[] {
  if (ratios.length === 0) return []
  if (ratios.length === 1) return [0.5]
  const moments = ratios.map((_, i) => (phi(i + 2, -h) * factorial(i + 1) * -h) / scale)
  return weightsOfMoments(ratios, moments)
}

/** φ_k(z) = (φ_{k−1}(z) − 1/(k−1)!)/z, φ₀ = eᶻ, by its series where that cancels. */
function phi(k: number, z: number): number {
  if (Math.abs(z) < 0.5) {
    let [sum, term] = [0, 1 / factorial(k)]
    for (let n = k + 1; n < k + 20; n++) {
      sum += term
      term *= z / n
    }
    return sum
  }
  return k === 0 ? Math.exp(z) : (phi(k - 1, z) - 1 / factorial(k - 1)) / z
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1)
}
