import { elementwise } from './elementwise'
import { images } from './images'
import type { Inputs, Kernel } from './kernel'
import { linear } from './linear'
import { making } from './making'
import { moving } from './moving'
import { reductions } from './reductions'

export { convGeometry, type Geometry, poolGeometry } from './geometry'
export type { Cut, Inferred, Inputs, IsCut, Kernel, Rows, Use } from './kernel'
export { fromFront } from './kernel'
export { sliceRange, stridedRange } from './ranges'
export { reducedAxes } from './reductions'

const definitions = {
  ...elementwise,
  ...images,
  ...linear,
  ...making,
  ...moving,
  ...reductions,
}

/** The families that the kernels come in, for tables that are written family by family. */
export type Elementwise = keyof typeof elementwise
export type Images = keyof typeof images
export type Linear = keyof typeof linear
export type Making = keyof typeof making
export type Moving = keyof typeof moving
export type Reductions = keyof typeof reductions

type Kernels = typeof definitions
export type KernelName = keyof Kernels

export type InputsOf<K extends KernelName> =
  Kernels[K] extends Kernel<infer I extends Inputs, infer _> ? I : never
export type AttributesOf<K extends KernelName> = Kernels[K] extends Kernel<infer _, infer A> ? A : never

/** Every kernel that a graph may hold, by tfjs's name for it. */
export const kernels: { readonly [K in KernelName]: Kernel<InputsOf<K>, AttributesOf<K>> } = definitions

/**
 * Whether a graph may hold calls of a kernel of tfjs.
 *
 * @example
 * isKernelName('Exp') // → true
 * isKernelName('Nothing') // → false
 */
export function isKernelName(name: string): name is KernelName {
  return Object.hasOwn(kernels, name)
}
