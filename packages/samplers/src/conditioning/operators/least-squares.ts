import {
  add,
  alignRows,
  checkShape,
  div,
  dotRows,
  greater,
  maximum,
  mul,
  sub,
  type Tensor,
  tidy,
  where,
  zeros,
} from '@sgm/tensor'
import { checkIntegers, checkTensors, optionsOf } from '@sgm/tensor/check'
import { type LinearOperator, operatorOf } from './linear-operator'

/** Options of {@link leastSquares}. */
export interface LeastSquaresOptions {
  /** Iterations at most, >= 1. @default as many as make it exact, where the operator says; else 20 */
  readonly iterations?: number
}

/**
 * The datum that explains a measurement best, held small: argmin_u ‖A u − r‖² + λ ‖u‖² = Aᵀ(AAᵀ + λ I)⁻¹ r, of each row with its own λ.
 *
 * For λ = 0 it tends to the pseudo-inverse A⁺ r. By a closed form where the operator has one, else by conjugate gradients on AᵀA + λ I
 * from 0, where ‖u‖ rises with every iteration towards its end: what stops early goes less far, and never farther. A fixed number of
 * iterations, so that it can be traced.
 *
 * Reference: Hestenes and Stiefel 1952, "Methods of conjugate gradients for solving linear systems"; Steihaug 1983, "The conjugate
 * gradient method and trust regions in large scale optimization", theorem 2.1 (the norm rises).
 *
 * @param operator A.
 * @param r What was measured, `[B, ...M]`.
 * @param lambda How small u is held, λ >= 0: `[B]`.
 * @returns `[B, ...D]`
 * @throws RangeError when a shape does not fit.
 * @example
 * const operator = maskOperator([1, 0])
 * leastSquares(operator, tensor([[3, 4]]), tensor([0.5])) // → [[2, 0]]
 */
export function leastSquares(
  operator: LinearOperator,
  r: Tensor,
  lambda: Tensor,
  options: LeastSquaresOptions = {},
): Tensor {
  const a = operatorOf('leastSquares', operator)
  checkTensors('leastSquares', { r, lambda })
  checkShape('leastSquares', 'r', r.shape.slice(1), a.codomain)
  checkShape('leastSquares', 'lambda', lambda.shape, r.shape.slice(0, 1))
  const { iterations = a.spectrum ?? 20 } = optionsOf('leastSquares', options, { iterations: true })
  checkIntegers('leastSquares', { iterations })
  if (a.invert) return a.invert(r, lambda)
  return tidy(() => {
    const shape = [r.shape[0]!, ...a.domain]
    const scaled = (by: Tensor, x: Tensor): Tensor => mul(x, alignRows(by, x))
    let [u, rest] = [zeros(shape), r]
    let gradient = a.adjoint(rest)
    let [direction, norm] = [gradient, dotRows(gradient, gradient)]
    const rounding = maximum(mul(norm, ROUNDING), 1e-30)
    for (let i = 0; i < iterations; i++) {
      const seen = a.apply(direction)
      const curvature = add(dotRows(seen, seen), mul(lambda, dotRows(direction, direction)))
      const step = where(greater(norm, rounding), div(norm, maximum(curvature, 1e-30)), 0)
      u = add(u, scaled(step, direction))
      rest = sub(rest, scaled(step, seen))
      gradient = sub(a.adjoint(rest), scaled(lambda, u))
      const next = dotRows(gradient, gradient)
      direction = add(gradient, scaled(div(next, maximum(norm, 1e-30)), direction))
      norm = next
    }
    return u
  })
}

/** Share of ‖Aᵀ r‖² that is rounding: from there on conjugate gradients would only wander. */
const ROUNDING = 1e-12
