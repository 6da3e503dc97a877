import { type LinearSDE, logSnrGrid, type NoiseLevel, noiseLevel, noiseLevelOf } from '@sgm/sde'
import { add, mul, sub, type Tensor } from '@sgm/tensor'
import { checkOneOf, optionsOf } from '@sgm/tensor/check'
import { combine } from '../numerics/combine'
import type { Steps } from '../run/steps'
import type { Context, Sampler } from '../types'

/** Options of {@link dpmSolver}. */
export interface DpmSolverOptions {
  /** Order and evaluations of a step: 1, 2 or 3. @default 3 */
  readonly order?: number
}

/**
 * Steps the probability-flow ODE exactly in its linear part and by a Taylor expansion of the predicted noise
 * in λ = ln(α/σ), its derivatives taken within the step (DPM-Solver-1, -2, -3), in either time direction.
 *
 * Order 1: x_s = (α_s/α_t) x_t − σ_s (e^h − 1) ε(x_t, t), h = λ_s − λ_t. Order 2 adds −σ_s (e^h − 1)(ε₁ − ε)
 * with ε₁ at λ_t + h/2; order 3 adds −(3σ_s/2)((e^h − 1)/h − 1)(ε₂ − ε) with ε₂ at λ_t + 2h/3.
 * A step that ends where σ = 0 is of order 1.
 *
 * Reference: Lu et al. 2022, "DPM-Solver", algorithms 1 and 2.
 *
 * @throws TypeError when the options are no object. RangeError when an option is out of its range.
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const x = await sample({ process, score }, dpmSolver({ order: 3 }), {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 12,
 * })
 */
export function dpmSolver(options: DpmSolverOptions = {}): Sampler {
  const { order = 3 } = optionsOf('dpmSolver', options, { order: true })
  checkOneOf('dpmSolver', { order }, [1, 2, 3])
  const advance = [first, second, third][order - 1]!
  return {
    name: 'dpmSolver',
    order,
    evaluationsPerStep: order,
    defaults: { steps: 12, grid: logSnrGrid() },
    *step(context, { x, t, s }) {
      const [from, to] = [noiseLevel(context.process, t), noiseLevel(context.process, s)]
      return { x: yield* (to.sigma === 0 ? first : advance)(context, x, from, to) }
    },
  }
}

type Advance = (context: Context, x: Tensor, from: NoiseLevel, to: NoiseLevel) => Steps<Tensor>

const first: Advance = function* ({ score }, x, from, to) {
  return exponentialEuler(x, mul(yield* score(x, from.t), -from.sigma), from, to)
}

const second: Advance = function* ({ process, score }, x, from, to) {
  const noise = mul(yield* score(x, from.t), -from.sigma)
  const middle = between(process, from, to, 1 / 2)
  const guess = exponentialEuler(x, noise, from, middle)
  const later = mul(yield* score(guess, middle.t), -middle.sigma)
  const growth = Math.expm1(to.lambda - from.lambda)
  return add(exponentialEuler(x, noise, from, to), mul(sub(later, noise), -to.sigma * growth))
}

const third: Advance = function* ({ process, score }, x, from, to) {
  const h = to.lambda - from.lambda
  const noise = mul(yield* score(x, from.t), -from.sigma)
  const [early, late] = [between(process, from, to, 1 / 3), between(process, from, to, 2 / 3)]
  const guess = exponentialEuler(x, noise, from, early)
  const change = sub(mul(yield* score(guess, early.t), -early.sigma), noise)
  const bend = mul(change, -2 * late.sigma * curvature((2 / 3) * h))
  const better = add(exponentialEuler(x, noise, from, late), bend)
  const total = sub(mul(yield* score(better, late.t), -late.sigma), noise)
  return add(exponentialEuler(x, noise, from, to), mul(total, -1.5 * to.sigma * curvature(h)))
}

/** (α_s/α_t) x − σ_s (e^h − 1) ε */
function exponentialEuler(x: Tensor, noise: Tensor, from: NoiseLevel, to: NoiseLevel): Tensor {
  const ratio = to.alpha / from.alpha
  // −σ_s (e^h − 1), finite where σ_s is 0
  const onNoise = to.sigma === 0 ? -ratio * from.sigma : -to.sigma * Math.expm1(to.lambda - from.lambda)
  return combine([ratio, x], [onNoise, noise])
}

/** (e^h − 1)/h − 1 */
function curvature(h: number): number {
  return Math.abs(h) < 1e-4 ? h / 2 + h ** 2 / 6 : Math.expm1(h) / h - 1
}

function between(process: LinearSDE, from: NoiseLevel, to: NoiseLevel, share: number): NoiseLevel {
  return noiseLevelOf(process, from.lambda + share * (to.lambda - from.lambda))
}
