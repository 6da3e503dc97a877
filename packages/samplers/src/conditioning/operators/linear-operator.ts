import { checkShape, type Shape, type Tensor } from '@sgm/tensor'
import { checkFunctions, checkMethods, checkTensors, expectedType } from '@sgm/tensor/check'

/**
 * A linear measurement A of each datum: a pair of tensor functions, pure, which may be differentiated and traced. Everything else
 * that conditional samplers ask of it, such as {@link leastSquares}, is made of the two.
 */
export interface LinearOperator {
  /** Shape of a datum, `[...D]`. */
  readonly domain: Shape
  /** Shape of what is measured of it, `[...M]`. */
  readonly codomain: Shape
  /** A: x `[B, ...D]` → `[B, ...M]` */
  apply(x: Tensor): Tensor
  /** Aᵀ: y `[B, ...M]` → `[B, ...D]`, so that ⟨A x, y⟩ = ⟨x, Aᵀ y⟩. */
  adjoint(y: Tensor): Tensor
  /** How many different singular values A has, other than 0, where they are few: {@link leastSquares} is exact by as many iterations. */
  readonly spectrum?: number
  /** {@link leastSquares} by a closed form, where there is one: r `[B, ...M]`, λ `[B]` → `[B, ...D]`. */
  invert?(r: Tensor, lambda: Tensor): Tensor
  /** Frees the tensors that the operator holds, where it holds some. */
  dispose?(): void
}

/** An operator that holds tensors until it is disposed of. */
export interface HeldOperator extends LinearOperator {
  dispose(): void
}

/** An operator whose arguments are checked by name. */
export function checkedOperator<T extends LinearOperator>(where: string, operator: T): T {
  const { domain, codomain } = operator
  const checked = (what: string, x: Tensor, shape: Shape): Tensor => {
    checkTensors(where, { [what]: x })
    checkShape(where, what, x.shape.slice(1), shape)
    return x
  }
  return {
    ...operator,
    apply: (x) => operator.apply(checked('a datum x', x, domain)),
    adjoint: (y) => operator.adjoint(checked('a measurement y', y, codomain)),
  }
}

/** Throws TypeError unless a value is an operator. */
export function checkOperator(where: string, operator: LinearOperator): void {
  checkMethods(where, { operator }, 'apply', 'adjoint')
  const { domain, codomain, invert } = operator
  if (invert !== undefined) checkFunctions(where, { 'operator.invert': invert })
  if (!Array.isArray(domain) || !Array.isArray(codomain)) {
    throw expectedType(where, 'operator to have a domain and a codomain', { domain, codomain })
  }
}
