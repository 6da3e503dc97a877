import { checkFunctions, checkShape, checkTensors } from '../check'
import { tidy } from '../memory'
import { zerosLike } from '../ops/create'
import type { Tensor } from '../types'
import type { Differentiable, Gradients } from './differentiable'
import { gradient } from './grad'
import { evaluate, pullback } from './pullback'

/**
 * `f(x)` and cotangentᵀ · ∂f/∂x, for a cotangent of the shape of `f(x)`.
 *
 * @param f Differentiable.
 * @param x Where: a tensor, or an array or a record of tensors.
 * @param cotangent Of the shape of f's value.
 * @throws RangeError when the cotangent has another shape.
 * @example
 * vjp((x: Tensor) => square(x), tensor([1, 2]), tensor([1, 10])).vjp // → [2, 40]
 */
export function vjp<P extends Differentiable>(
  f: (x: P) => Tensor,
  x: P,
  cotangent: Tensor,
): { value: Tensor; vjp: Gradients<P> } {
  checkFunctions('vjp', { f })
  checkTensors('vjp', { cotangent })
  const { value, gradient } = pullback('vjp', f, x, cotangent)
  return { value, vjp: gradient }
}

/**
 * `f(x)` and ∂f/∂x · tangent, for a tangent of the shape of `x`.
 *
 * tfjs differentiates in reverse only: u ↦ uᵀ · ∂f/∂x is linear, and its vjp with the tangent is the product
 * sought. It costs about as much as a second derivative.
 *
 * @param f Differentiable.
 * @param x Where.
 * @param tangent The direction, of x's shape.
 * @throws RangeError when the tangent has another shape.
 * @example
 * jvp((x) => square(x), tensor([1, 2]), tensor([1, 1])).jvp // → [2, 4]
 */
export function jvp(f: (x: Tensor) => Tensor, x: Tensor, tangent: Tensor): { value: Tensor; jvp: Tensor } {
  checkFunctions('jvp', { f })
  checkTensors('jvp', { x, tangent })
  checkShape('jvp', 'a tangent', tangent.shape, x.shape)
  return tidy(() => {
    const value = evaluate('jvp', f, x)
    const pull = (u: Tensor): Tensor => pullback('jvp', f, x, u).gradient
    return { value, jvp: pullback('jvp', pull, zerosLike(value), tangent).gradient }
  })
}

/**
 * The Hessian of `f` (scalar or per row, as in {@link grad}) times `v`, of the shape of `x`.
 *
 * @param f Its value has one element.
 * @param x Where.
 * @param v Of x's shape.
 * @throws RangeError when `v` has another shape.
 * @example
 * hvp((x) => sum(pow(x, 3)), tensor([1, 2]), tensor([1, 0])) // → [6, 0]
 */
export function hvp(f: (x: Tensor) => Tensor, x: Tensor, v: Tensor): Tensor {
  checkFunctions('hvp', { f })
  checkTensors('hvp', { x, v })
  checkShape('hvp', 'a vector', v.shape, x.shape)
  return tidy(() => pullback('hvp', gradient('hvp', f), x, v).gradient)
}
