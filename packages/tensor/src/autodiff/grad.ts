import { checkFunctions, expected, formatShape } from '../check'
import { tidy } from '../memory'
import type { Tensor } from '../types'
import type { Differentiable, Gradients } from './differentiable'
import { pullback } from './pullback'

/**
 * The gradient of `f` by its first argument: a tensor, a list of tensors, or named ones.
 *
 * `f` returns a scalar, or one number per row `[B]`; in the latter case the rows must not depend on each
 * other, and row i of the gradient is the gradient of value i. Arguments after the first pass through. The
 * gradient by a tensor that `f` does not use is 0. Gradients of gradients, and by other tensors, are exact.
 *
 * @param f A function whose first argument is differentiated: a tensor, or an array or a record of tensors. Gives a number, or one for each row.
 * @throws RangeError when `f` returns another shape.
 * @throws TypeError when `f` returns no float32 tensor, or is asked for the gradient by anything else.
 * @example
 * grad((x) => sum(square(x)))(tensor([1, 2])) // → [2, 4]
 */
export function grad<A extends readonly unknown[]>(
  f: (x: Tensor, ...rest: A) => Tensor,
): (x: Tensor, ...rest: A) => Tensor
export function grad<P extends Differentiable, A extends readonly unknown[]>(
  f: (x: P, ...rest: A) => Tensor,
): (x: P, ...rest: A) => Gradients<P>
export function grad<P extends Differentiable, A extends readonly unknown[]>(
  f: (x: P, ...rest: A) => Tensor,
): (x: P, ...rest: A) => Gradients<P> {
  return gradient('grad', f)
}

/** {@link grad} for messages of `where`. */
export function gradient<P extends Differentiable, A extends readonly unknown[]>(
  where: string,
  f: (x: P, ...rest: A) => Tensor,
): (x: P, ...rest: A) => Gradients<P> {
  checkFunctions(where, { f })
  return (x, ...rest) => tidy(() => pullback(where, perRow(where, f, rest), x).gradient as never)
}

/**
 * {@link grad} with the value beside it. The value keeps `f`'s shape: `[]` or `[B]`.
 *
 * @param f A function whose first argument is differentiated: a tensor, or an array or a record of tensors. Gives a number, or one for each row.
 * @example
 * const f = valueAndGrad((x: Tensor) => sum(square(x)))
 * const { value, gradient } = f(tensor([1, 2]))
 * value // → 5
 * gradient // → [2, 4]
 */
export function valueAndGrad<A extends readonly unknown[]>(
  f: (x: Tensor, ...rest: A) => Tensor,
): (x: Tensor, ...rest: A) => { value: Tensor; gradient: Tensor }
export function valueAndGrad<P extends Differentiable, A extends readonly unknown[]>(
  f: (x: P, ...rest: A) => Tensor,
): (x: P, ...rest: A) => { value: Tensor; gradient: Gradients<P> }
export function valueAndGrad<P extends Differentiable, A extends readonly unknown[]>(
  f: (x: P, ...rest: A) => Tensor,
): (x: P, ...rest: A) => { value: Tensor; gradient: Gradients<P> } {
  checkFunctions('valueAndGrad', { f })
  return (x, ...rest) => pullback('valueAndGrad', perRow('valueAndGrad', f, rest), x)
}

function perRow<P, A extends readonly unknown[]>(
  where: string,
  f: (x: P, ...rest: A) => Tensor,
  rest: A,
): (x: P) => Tensor {
  return (x) => {
    const y = f(x, ...rest)
    if (y?.shape?.length > 1) throw expected(where, 'a function to [] or [B]', formatShape(y.shape))
    return y
  }
}
