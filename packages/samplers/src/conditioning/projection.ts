import { add, expected, mul, ones, sub, type Tensor, tidy } from '@sgm/tensor'
import { checkMethods, checkTensors, optionsOf } from '@sgm/tensor/check'
import type { Sampler } from '../types'
import { checkObservation } from './observation'
import type { LinearOperator } from './operators'

/** Options of {@link projection}. */
export interface ProjectionOptions {
  /** What was measured of the data. */
  readonly operator: LinearOperator
  /** y = A x₀: `[B, M]`, or `[1, M]` for all rows. */
  readonly observation: Tensor
  /** How far to go towards A x = y_s, in (0, 1]; less than 1 allows for noise in y. @default 1 */
  readonly relaxation?: number
}

/**
 * Makes a sampler project x, after every update, onto what the measurement y = Ax says at that noise level.
 *
 * x ← x + λ A⁺ (y_s − A x), y_s = α_s y + σ_s A z, A⁺ = Aᵀ(AAᵀ)⁻¹; and likewise the noise-free mean, onto α_s
 * y
 *
 * As in {@link replacement}, of which this is the general case, the samples follow p(x | y) only
 * approximately.
 *
 * Reference: Song, Shen, Xing and Ermon 2022, "Solving inverse problems in medical imaging with score-based
 * generative models", equation 9.
 *
 * @throws RangeError when an option is out of its range, or y is not of the operator's size.
 * @example
 * const operator = matrixOperator([[1, 0]]) // measures the first of two numbers
 * const sampler = projection(ancestral(), {
 *   operator,
 *   observation: full([64, 1], 5),
 * })
 */
export function projection(sampler: Sampler, options: ProjectionOptions): Sampler {
  const { operator, observation, relaxation = 1 } = optionsOf('projection', options)
  checkMethods('projection', { sampler }, 'step')
  checkMethods('projection', { operator }, 'apply', 'adjoint', 'solve')
  checkTensors('projection', { observation })
  if (!(relaxation > 0 && relaxation <= 1)) throw expected('projection', 'relaxation in (0, 1]', relaxation)
  const onto = (from: Tensor, goal: Tensor): Tensor =>
    tidy(() => {
      const off = sub(goal, operator.apply(from))
      const change = operator.adjoint(operator.solve(off, ones([from.shape[0]!]), 0), from.shape)
      return add(from, mul(change, relaxation))
    })
  return {
    ...sampler,
    name: `projection(${sampler.name})`,
    *step(context, step) {
      const { x, mean, ...rest } = yield* sampler.step(context, step)
      const { alpha, sigma } = context.process.marginal(step.s)
      const noise = operator.apply(mul(context.noise(), sigma))
      checkObservation('projection', observation, noise)
      const known = mul(observation, alpha)
      return { ...rest, x: onto(x, add(known, noise)), ...(mean && { mean: onto(mean, known) }) }
    },
  }
}
