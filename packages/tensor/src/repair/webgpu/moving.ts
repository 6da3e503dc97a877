import type { NamedTensorInfoMap } from '@tensorflow/tfjs'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { Info } from '../info'
import type { Call, Replacement } from '../kernels/register'
import { runFlat, runPerElement } from './program'

/** The upper and the lower half of 32 bits, each of which floats hold. */
const halves = [
  { key: 'sgm upper half', code: 'result[index] = x[index] >> 16u;', of: (n: number) => n >> 16 },
  { key: 'sgm lower half', code: 'result[index] = x[index] & 0xffff;', of: (n: number) => n & 0xffff },
] as const

type Half = (typeof halves)[number]

/**
 * A kernel that moves elements of the named operands, or of all: tfjs makes floats of integers on the way, which round beyond 2²⁴. Their
 * halves go it one after the other.
 */
const moving =
  (...names: readonly string[]): Replacement =>
  (plain) =>
  (args) => {
    const backend = args.backend as WebGPUBackend
    const isMoved = (name: string, x: Info | undefined): x is Info =>
      x?.dtype === 'int32' && (names.length === 0 || names.includes(name))
    if (!Object.entries(args.inputs).some(([name, x]) => isMoved(name, x))) return plain(args)
    const [upper, lower] = halves.map((half) => {
      const made: Info[] = []
      const inputs = mapped(args.inputs, (name, x) => {
        if (!isMoved(name, x)) return x
        const { key, code } = half
        const part = runFlat(backend, x, x, { key, integers: {}, code })
        made.push(part)
        return part
      })
      const out = plain({ ...filledBy(args, half), inputs })
      for (const part of made) backend.disposeData(part.dataId)
      return out
    }) as [Info | Info[], Info | Info[]]
    const join = (high: Info, low: Info): Info => {
      const code = 'fn f(a: i32, b: i32) -> i32 { return (a << 16u) | b; }'
      const out = runPerElement(backend, [high, low], high, { key: 'sgm join halves', code })
      for (const part of [high, low]) backend.disposeData(part.dataId)
      return out
    }
    return Array.isArray(upper)
      ? upper.map((high, i) => join(high, (lower as Info[])[i]!))
      : join(upper, lower as Info)
  }

/** Operands in the form, a list or by name, that they have. */
function mapped(
  inputs: NamedTensorInfoMap,
  f: (name: string, x: Info | undefined) => Info | undefined,
): NamedTensorInfoMap {
  if (!Array.isArray(inputs))
    return Object.fromEntries(Object.entries(inputs).map(([name, x]) => [name, f(name, x)]))
  return Object.assign(inputs.map((x: Info, i) => f(`${i}`, x)))
}

/** A call, of which what images are padded with is a half too. */
function filledBy(args: Call, { of }: Half): Call {
  const { attrs } = args
  return typeof attrs?.constantValue === 'number'
    ? { ...args, attrs: { ...attrs, constantValue: of(attrs.constantValue) } }
    : args
}

/** Kernels that move elements, by tfjs's names. */
export const movings: Readonly<Record<string, Replacement>> = {
  Concat: moving(),
  GatherNd: moving('params'),
  GatherV2: moving('x'),
  MirrorPad: moving('x'),
  Pack: moving(),
  PadV2: moving('x'),
  ResizeNearestNeighbor: moving('images'),
  Reverse: moving('x'),
  Slice: moving('x'),
  SplitV: moving('x'),
  StridedSlice: moving('x'),
  Tile: moving('x'),
  Unpack: moving('value'),
}
