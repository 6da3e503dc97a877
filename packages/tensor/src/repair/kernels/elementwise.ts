import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { Info } from '../info'
import { onCpuIf } from './finite'
import { bits, floats } from './heap'
import { forFloats, type Replacement } from './register'

/** −1, 0, 1 or NaN, as x is, by its bits: the module has 0 for NaN and for small numbers. */
const sign = forFloats(({ inputs, backend: held }) => {
  const { x } = inputs as { x: Info }
  const backend = held as BackendWasm
  const out = backend.makeOutput(x.shape, 'float32')
  const [from, to] = [bits(backend, x), bits(backend, out)]
  for (let i = 0; i < to.length; i++) {
    const magnitude = from[i]! & 0x7fffffff
    const isZeroOrNaN = ((magnitude - 1) | (0x7f800000 - magnitude)) >> 31
    to[i] = (from[i]! & (isZeroOrNaN | 0x80000000)) | (0x3f800000 & ~isZeroOrNaN)
  }
  return out
})

/** A kernel in JavaScript: the module loses the digits of small numbers. */
const unary = (f: (x: number) => number): Replacement =>
  forFloats(({ inputs, backend: held }) => {
    const { x } = inputs as { x: Info }
    const backend = held as BackendWasm
    const out = backend.makeOutput(x.shape, 'float32')
    const [from, to] = [floats(backend, x), floats(backend, out)]
    for (let i = 0; i < to.length; i++) to[i] = f(from[i]!)
    return out
  })

/** By float64, which holds 1 + x well enough unless x is small. */
const log1p = (x: number): number => (Math.abs(x) < 1e-5 ? x - (x * x) / 2 : Math.log(1 + x))

const SELU_SCALE = 1.0507009873554805
const SELU_SCALE_ALPHA = 1.7580993408473768

/** The module keeps an operator for each value in a map that NaN, unequal to itself, spoils for all later paddings. */
const pad = onCpuIf(({ attrs }) => {
  const { constantValue } = attrs as unknown as { constantValue: number }
  return Number.isNaN(constantValue) || Object.is(constantValue, -0)
})

/** Of floats: the module adds the divisor before it takes the remainder, so that of −10⁻⁷ by 3 it has 0. */
const mod = onCpuIf(({ inputs }) => (inputs as { a: Info }).a.dtype === 'float32')

/** Kernels that work element by element. */
export const elementwise: Readonly<Record<string, Replacement>> = {
  Cos: unary(Math.cos),
  Log1p: unary(log1p),
  Mod: mod,
  PadV2: pad,
  Selu: unary((x) => (x > 0 ? SELU_SCALE * x : SELU_SCALE_ALPHA * Math.expm1(x))),
  Sign: sign,
  Sin: unary(Math.sin),
}
