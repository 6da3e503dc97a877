import { type LinearSDE, logSnrGrid, noiseLevel } from '@sgm/sde'
import { add, mul, type Tensor } from '@sgm/tensor'
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
import type { Sampler } from '../types'

/** Options of {@link dpmSolverPlusPlus}. */
export interface DpmSolverPlusPlusOptions extends FinalOrders {
  /** How many predictions a step uses, its own and those before: 1, 2 (2M) or 3 (3M). @default 2 */
  readonly order?: number
  /** Solve the reverse SDE instead of the probability-flow ODE. @default false */
  readonly stochastic?: boolean
  /** How order 2 weighs the slope between two predictions: by half the step, or by its integral. @default 'midpoint' */
  readonly variant?: 'midpoint' | 'heun'
}

/**
 * Steps by the predicted data x₀, extrapolated in λ = ln(α/σ) from the last steps to this one (2M, 3M).
 *
 * x_s = (σ_s/σ_t) e^{−(z − h)} x_t + α_s ((1 − e^{−z}) x₀ + φ₂ d₁ − φ₃ d₂) + σ_s √(1 − e^{−2(z − h)}) w, h = λ_s − λ_t
 *
 * z is h for the probability-flow ODE and 2h for the reverse SDE; w is standard normal noise. d₁ and d₂ are the first and second
 * divided differences of the predictions in λ, in units of h, φ₂ = 1 − (1 − e^{−z})/z, which the variant `'midpoint'` of order 2 takes for
 * (1 − e^{−z})/2, and φ₃ = 2φ₂/z − 1: half of that, as k-diffusion
 * and diffusers have it, makes order 3 one of order 2.
 *
 * Order as the option says (the first steps are of lower order), of the law in the stochastic variant. A step
 * that ends where σ = 0 returns x₀.
 *
 * Reference: Lu et al. 2022, "DPM-Solver++", algorithm 2 and appendix C; order 3 as in k-diffusion but for φ₃.
 *
 * @throws TypeError when the options are no object. RangeError when an option is out of its range. A run, when `stochastic` and times rise.
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const x = await sample({ process, score }, dpmSolverPlusPlus(), {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 25,
 * })
 */
export function dpmSolverPlusPlus(options: DpmSolverPlusPlusOptions = {}): Sampler<LinearSDE, Predictions> {
  const { order = 2, stochastic = false, variant = 'midpoint', lowerOrderFinal = false } = optionsOf('dpmSolverPlusPlus', options, { lowerOrderFinal: true, order: true, stochastic: true, variant: true }) // biome-ignore format: options
  checkOrders('dpmSolverPlusPlus', order, { lowerOrderFinal }, [1, 2, 3])
  checkOneOf('dpmSolverPlusPlus', { variant }, ['midpoint', 'heun'])
  return {
    name: 'dpmSolverPlusPlus',
    order,
    evaluationsPerStep: 1,
    backward: stochastic,
    defaults: { steps: stochastic ? 40 : 25, grid: logSnrGrid() },
    *step(context, { x, t, s, state: past = [], ...run }) {
      const now = yield* predictData(context, x, t)
      const [from, to] = [now.level, noiseLevel(context.process, s)]
      const h = to.lambda - from.lambda
      const state = remember([now, ...past], order)
      const [z, decay] = stochastic ? [2 * h, Math.exp(-h)] : [h, 1]
      const weights = { gain: -Math.expm1(-z), slope: phi2(z), bend: phi3(z) }
      if (order === 2 && variant === 'midpoint') weights.slope = weights.gain / 2
      // From a step of no length all others are infinitely far.
      const known =
        Number.isFinite(h) && h !== 0 ? spaced(state, h, orderOf(order, lowerOrderFinal, run)) : [now]
      const ahead = extrapolate(known, h, weights).map(([c, data]) => [to.alpha * c, data] as const)
      const mean = combine([(to.sigma / from.sigma) * decay, x], ...ahead)
      if (!stochastic) return { x: mean, state }
      return { x: add(mean, mul(context.noise(), to.sigma * Math.sqrt(-Math.expm1(-2 * h)))), mean, state }
    },
  }
}

/** Terms of gain x₀ + slope d₁ − bend d₂ by the predictions themselves, the newest first. */
function extrapolate(
  [now, last, older]: readonly Prediction[],
  h: number,
  { gain, slope, bend }: { readonly gain: number; readonly slope: number; readonly bend: number },
): [number, Tensor][] {
  if (!last) return [[gain, now!.value]]
  const near = (now!.level.lambda - last.level.lambda) / h
  if (!older) return [[gain + slope / near, now!.value], [-slope / near, last.value]] // biome-ignore format: terms
  const far = (last.level.lambda - older.level.lambda) / h
  // d₂ = (δ₀ − δ₁)/(near + far) and d₁ = δ₀ + near d₂ of the differences δ₀ = (x₀ − x₁)/near and δ₁ = (x₁ − x₂)/far
  const onSecond = (slope * near - bend) / (near + far)
  const [first, second] = [(slope + onSecond) / near, onSecond / far]
  return [
    [gain + first, now!.value],
    [-first - second, last.value],
    [second, older.value],
  ]
}

/** 1 − (1 − e^{−z})/z; 1 where z is infinite. */
function phi2(z: number): number {
  return Math.abs(z) < 1e-3 ? z / 2 - z ** 2 / 6 : 1 + Math.expm1(-z) / z
}

/** 2φ₂/z − 1; −1 where z is infinite. */
function phi3(z: number): number {
  return Math.abs(z) < 1e-2 ? -z / 3 + z ** 2 / 12 : (2 * phi2(z)) / z - 1
}
