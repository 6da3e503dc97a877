import { checkShape, type Shape, type Tensor } from '@sgm/tensor'
import { checkFunctions, checkIntegers, checkMethods, checkTensors, expectedType } from '@sgm/tensor/check'
import { checkedValue } from '../../run/checked-value'

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

/** An operator whose arguments, and what it makes of them, are checked by name. */
export function checkedOperator<T extends LinearOperator>(where: string, operator: T): T {
  const { domain, codomain, spectrum, invert } = operator
  const checked = (what: string, f: (x: Tensor) => Tensor, x: Tensor, from: Shape, to: Shape): Tensor => {
    checkTensors(where, { [what]: x })
    checkShape(where, what, x.shape.slice(1), from)
    return checkedValue(where, `what becomes of ${what}`, f(x), [x.shape[0]!, ...to])
  }
  return {
    ...operator,
    // What is inherited is not spread.
    domain,
    codomain,
    ...(spectrum !== undefined && { spectrum }),
    apply: (x) => checked('a datum x', (x) => operator.apply(x), x, domain, codomain),
    adjoint: (y) => checked('a measurement y', (y) => operator.adjoint(y), y, codomain, domain),
    ...(invert && {
      invert: (r: Tensor, lambda: Tensor) => {
        checkTensors(where, { 'a residual r': r, lambda })
        checkShape(where, 'a residual r', r.shape, [r.shape[0] ?? 1, ...codomain])
        checkShape(where, 'lambda', lambda.shape, r.shape.slice(0, 1))
        const found = operator.invert!(r, lambda)
        return checkedValue(where, 'what operator.invert gives', found, [r.shape[0]!, ...domain])
      },
    }),
  }
}

/** {@link checkedOperator} of what a caller gave for one. @throws TypeError unless it is an operator. RangeError for sizes that are none. */
export function operatorOf(where: string, operator: LinearOperator): LinearOperator {
  checkMethods(where, { operator }, 'apply', 'adjoint')
  const { domain, codomain, spectrum, invert } = operator
  if (spectrum !== undefined) checkIntegers(where, { 'operator.spectrum': spectrum })
  if (invert !== undefined) checkFunctions(where, { 'operator.invert': invert })
  for (const [name, shape] of Object.entries({ domain, codomain })) {
    if (!Array.isArray(shape)) throw expectedType(where, `operator.${name} to be a shape`, shape)
    checkIntegers(where, Object.fromEntries(shape.map((size, i) => [`operator.${name}[${i}]`, size])))
  }
  return checkedOperator(where, operator)
}
