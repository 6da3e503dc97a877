import {
  add,
  cos,
  div,
  exp,
  expm1,
  log,
  mul,
  neg,
  sin,
  sqrt,
  square,
  sub,
  type Tensor,
  tan,
} from '@sgm/tensor'

/**
 * The operations that a schedule is written in, so that one formula serves host numbers (float64), traced
 * tensors (float32) and dual numbers (derivatives).
 */
export interface Arithmetic<T> {
  /** a + b. */
  add(a: T | number, b: T | number): T
  /** a − b. */
  sub(a: T | number, b: T | number): T
  /** a · b. */
  mul(a: T | number, b: T | number): T
  /** a / b. */
  div(a: T | number, b: T | number): T
  /** −x. */
  neg(x: T): T
  /** x². */
  square(x: T): T
  /** √x. */
  sqrt(x: T): T
  /** eˣ. */
  exp(x: T): T
  /** eˣ − 1, exact near 0. */
  expm1(x: T): T
  /** ln x. */
  log(x: T): T
  /** sin x. */
  sin(x: T): T
  /** cos x. */
  cos(x: T): T
  /** tan x. */
  tan(x: T): T
  /** `value`, in the shape of `like`. */
  constant(value: number, like: T): T
}

/** {@link Arithmetic} of host numbers, float64. */
export const numbers: Arithmetic<number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: (x) => -x,
  square: (x) => x * x,
  sqrt: Math.sqrt,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  constant: (value) => value,
}

/** {@link Arithmetic} of tensors: traceable and differentiable. */
export const tensors: Arithmetic<Tensor> = {
  add,
  sub,
  mul,
  div,
  neg,
  square,
  sqrt,
  exp,
  expm1,
  log,
  sin,
  cos,
  tan,
  // not `full`: the batch size of a traced function stays free
  constant: (value, like) => add(mul(like, 0), value),
}
