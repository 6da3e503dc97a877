import type { Arithmetic } from './arithmetic'
import type { Marginal } from './types'

/** A number and its derivative by time. */
export interface Dual {
  readonly value: number
  readonly derivative: number
}

const dual = (value: number, derivative: number): Dual => ({ value, derivative })
const lift = (x: Dual | number): Dual => (typeof x === 'number' ? dual(x, 0) : x)

function unary(f: (x: number) => number, slope: (x: number, y: number) => number): (x: Dual) => Dual {
  return ({ value, derivative }) => {
    const y = f(value)
    return dual(y, slope(value, y) * derivative)
  }
}

function binary(f: (a: Dual, b: Dual) => Dual): (a: Dual | number, b: Dual | number) => Dual {
  return (a, b) => f(lift(a), lift(b))
}

const arithmetic = (): Arithmetic<Dual> => ({
  add: binary((a, b) => dual(a.value + b.value, a.derivative + b.derivative)),
  sub: binary((a, b) => dual(a.value - b.value, a.derivative - b.derivative)),
  mul: binary((a, b) => dual(a.value * b.value, a.derivative * b.value + a.value * b.derivative)),
  div: binary((a, b) => {
    const ratio = a.value / b.value
    return dual(ratio, (a.derivative - ratio * b.derivative) / b.value)
  }),
  neg: unary(
    (x) => -x,
    () => -1,
  ),
  square: unary(
    (x) => x * x,
    (x) => 2 * x,
  ),
  sqrt: unary(Math.sqrt, (_, y) => 0.5 / y),
  exp: unary(Math.exp, (_, y) => y),
  expm1: unary(Math.expm1, (_, y) => y + 1),
  log: unary(Math.log, (x) => 1 / x),
  sin: unary(Math.sin, Math.cos),
  cos: unary(Math.cos, (x) => -Math.sin(x)),
  tan: unary(Math.tan, (_, y) => 1 + y * y),
  constant: lift,
})

/** {@link Arithmetic} of dual numbers: exact first derivatives in float64. */
export const duals = /* @__PURE__ */ arithmetic()

/** The marginal at time t with its derivatives by t. */
export function differentiate(
  schedule: { marginal<T>(m: Arithmetic<T>, t: T): Marginal<T> },
  t: number,
): Marginal<Dual> {
  return schedule.marginal(duals, dual(t, 1))
}
