import type { Info } from '../info'
import type { Call, Replacement } from '../kernels/register'
import { runPerElement, type WebglBackend } from './program'

/** A texel holds 2×2 entries. Where the summed axis is odd, the kernels sum what other kernels left beyond its end. */
const cleaned =
  (operands: readonly [string, string], summed: (args: Call) => number): Replacement =>
  (plain) =>
  (args) => {
    if (summed(args) % 2 === 0) return plain(args)
    const backend = args.backend as WebglBackend
    const given = operands.map((name) => args.inputs[name] as Info)
    const clean = given.map((x) => withoutRest(backend, x))
    const out = plain({
      ...args,
      inputs: { ...args.inputs, [operands[0]]: clean[0]!, [operands[1]]: clean[1]! },
    })
    clean.forEach((x, i) => {
      if (x !== given[i]) backend.disposeData(x.dataId)
    })
    return out
  }

/** The same numbers, with zeros beyond the last row and column; x itself where it is not yet in texels of four. */
function withoutRest(backend: WebglBackend, x: Info): Info {
  if (!backend.texData.get(x.dataId).isPacked) return x
  return runPerElement(backend, [x], x, 'float f(float x) { return x; }')
}

const matMul = cleaned(['a', 'b'], ({ inputs, attrs }) => {
  const { shape } = inputs.a as Info
  return shape.at((attrs as { transposeA?: boolean }).transposeA ? -2 : -1)!
})

/** One tap alone makes a convolution a product of matrices. */
const convolution = cleaned(['x', 'filter'], ({ inputs }) => {
  const [h, w, channels] = (inputs.filter as Info).shape as [number, number, number, number]
  return h * w === 1 ? channels : 0
})

/** The gradient of a convolution by its images sums over the channels that the filter makes. */
const transposed = cleaned(['dy', 'filter'], ({ inputs }) => (inputs.filter as Info).shape[3]!)

export const products: Readonly<Record<string, Replacement>> = {
  BatchMatMul: matMul,
  _FusedMatMul: matMul,
  Conv2D: convolution,
  Conv2DBackpropInput: transposed,
  FusedConv2D: convolution,
}
