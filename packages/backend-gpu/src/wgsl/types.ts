import type { GraphDType } from '@sgm/tensor/compile'

/** What values are in WGSL; bools are 0 or 1, since buffers hold no bool. */
export type WgslType = 'f32' | 'i32' | 'u32'

const types = { float32: 'f32', int32: 'i32', bool: 'u32' } as const

/** The WGSL type of an element type. */
export function wgslType(dtype: GraphDType): WgslType {
  return types[dtype]
}

/** A condition of WGSL as a bool of ours. */
export function flag(condition: string): string {
  return `select(0u, 1u, ${condition})`
}
