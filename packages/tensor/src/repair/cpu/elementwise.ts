import * as tf from '@tensorflow/tfjs'
import type { Info } from '../info'
import { stretched } from '../kernels/broadcast'
import { forFloats, forIntegers, type Replacement } from '../kernels/register'
import { type CpuBackend, floatsOf, integersOf, valuesOf } from './host'

/** A kernel of one operand. */
const unary = (f: (x: number) => number): Replacement =>
  forFloats(({ inputs, backend: held }) => {
    const { x } = inputs as { x: Info }
    const backend = held as CpuBackend
    const from = valuesOf(backend, x)
    return floatsOf(backend, x.shape, (to) => {
      for (let i = 0; i < to.length; i++) to[i] = f(from[i]!)
    })
  })

const SELU_SCALE = 1.0507009873554805
const SELU_SCALE_ALPHA = 1.7580993408473768

/** By its series near 0, where tfjs's formula is right to 10⁻⁹ but has no digits of small numbers. */
const erf: Replacement = (plain) => (args) => {
  const out = plain(args) as Info
  const backend = args.backend as CpuBackend
  const [from, to] = [valuesOf(backend, args.inputs.x as Info), valuesOf(backend, out)]
  for (let i = 0; i < to.length; i++) {
    const x = from[i]!
    if (Math.abs(x) < 0.5) to[i] = (2 / Math.sqrt(Math.PI)) * x * erfSeries(x * x)
  }
  return out
}

/** Σₙ (−u)ⁿ / n!(2n + 1). */
const erfSeries = (u: number): number =>
  1 - (u / 3) * (1 - ((3 * u) / 10) * (1 - ((5 * u) / 21) * (1 - ((7 * u) / 36) * (1 - (9 * u) / 55))))

/** Numbers as float32: tfjs hands on the integers, which other kernels then take for floats of more digits. */
const cast: Replacement = (plain) => (args) => {
  const { x } = args.inputs as { x: Info }
  const { dtype } = args.attrs as unknown as { dtype: tf.DataType }
  if (dtype !== 'float32' || (x.dtype !== 'int32' && x.dtype !== 'bool')) return plain(args)
  const backend = args.backend as CpuBackend
  const from = valuesOf(backend, x)
  return floatsOf(backend, x.shape, (to) => to.set(from))
}

/** A kernel of two operands, which may stretch. */
const binary = (
  f: (a: number, b: number) => number,
  forThose: typeof forFloats = forFloats,
  made: typeof floatsOf | typeof integersOf = floatsOf,
): Replacement =>
  forThose(({ inputs, backend: held }) => {
    const { a, b } = inputs as { a: Info; b: Info }
    const backend = held as CpuBackend
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape)
    const [x, y] = [valuesOf(backend, a), valuesOf(backend, b)]
    const [ofA, ofB] = [stretched(a.shape, shape), stretched(b.shape, shape)]
    return made(backend, shape, (to) => {
      for (let i = 0; i < to.length; i++) to[i] = f(x[ofA(i)]!, y[ofB(i)]!)
    })
  })

/** The product of 32 bits: a float64 does not hold the digits of larger ones. */
const multiply = binary(Math.imul, forIntegers, integersOf)

/** IEEE 754 has 1 for 1 to any power, NaN too, and for −1 to an infinite one; JavaScript has NaN. */
function pow(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1
  return base ** exponent
}

/** Ties to even; −0 of −0.5, where tfjs has 0. */
function round(x: number): number {
  const near = Math.round(x)
  return Math.abs(x % 1) === 0.5 && near % 2 !== 0 ? near - 1 : near
}

/** The remainder with the sign of the divisor; of an infinite divisor too, where tfjs has NaN. */
function mod(a: number, b: number): number {
  const rest = a % b
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest
}

export const elementwise: Readonly<Record<string, Replacement>> = {
  Cast: cast,
  // By expm1: eˣ − 1 loses the digits of small x.
  Elu: unary((x) => (x > 0 ? x : Math.expm1(x))),
  Erf: erf,
  Mod: binary(mod),
  Multiply: multiply,
  Pow: binary(pow),
  Round: unary(round),
  Selu: unary((x) => (x > 0 ? SELU_SCALE * x : SELU_SCALE_ALPHA * Math.expm1(x))),
  // Of NaN, tfjs has 0.
  Sign: unary(Math.sign),
}
