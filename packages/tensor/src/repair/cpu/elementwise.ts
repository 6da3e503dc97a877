import * as tf from '@tensorflow/tfjs'
import { stretched } from '../kernels/broadcast'
import { forFloats, type Replacement } from '../kernels/register'
import { type CpuBackend, floatsOf, type Info, valuesOf } from './host'

/** −1, 0, 1 or NaN, as x is: tfjs has 0 for NaN. */
const sign = forFloats(({ inputs, backend: held }) => {
  const { x } = inputs as { x: Info }
  const backend = held as CpuBackend
  const from = valuesOf(backend, x)
  return floatsOf(backend, x.shape, (to) => {
    for (let i = 0; i < to.length; i++) to[i] = Math.sign(from[i]!)
  })
})

/** A kernel of two operands, which may stretch. */
const binary = (f: (a: number, b: number) => number): Replacement =>
  forFloats(({ inputs, backend: held }) => {
    const { a, b } = inputs as { a: Info; b: Info }
    const backend = held as CpuBackend
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape)
    const [x, y] = [valuesOf(backend, a), valuesOf(backend, b)]
    const [ofA, ofB] = [stretched(a.shape, shape), stretched(b.shape, shape)]
    return floatsOf(backend, shape, (to) => {
      for (let i = 0; i < to.length; i++) to[i] = f(x[ofA(i)]!, y[ofB(i)]!)
    })
  })

/** IEEE 754 has 1 for 1 to any power, NaN too, and for −1 to an infinite one; JavaScript has NaN. */
function pow(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY)) return 1
  return base ** exponent
}

/** The remainder with the sign of the divisor; of an infinite divisor too, where tfjs has NaN. */
function mod(a: number, b: number): number {
  const rest = a % b
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest
}

export const elementwise: Readonly<Record<string, Replacement>> = {
  Mod: binary(mod),
  Pow: binary(pow),
  Sign: sign,
}
