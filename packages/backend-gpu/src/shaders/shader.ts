import type { Value } from '@sgm/tensor/compile'
import type { Param, Writer } from '../wgsl/writer'

/** Workgroups along each axis. */
export type Grid = readonly [x: number, y: number, z: number]

/** A kernel as the device gets it. */
export interface Shader {
  /** What it does, for messages and traces. */
  readonly label: string
  readonly code: string
  /** Values whose buffers it binds, in order; then come the small values, where it uses any, then its uniforms, where it has any. */
  readonly bound: readonly Value[]
  readonly usesSmall: boolean
  readonly params: readonly Param[]
  readonly grid: Grid
}

/** The shader around what was written. */
export function shaderOf(w: Writer, label: string, workgroupSize: number, grid: Grid): Shader {
  return {
    label,
    code: w.source(workgroupSize),
    bound: w.bound,
    usesSmall: w.usesSmall,
    params: w.params,
    grid,
  }
}

/** The most workgroups along an axis that every device takes. */
const MOST = 65535

/** Workgroups that are numbered along x, then along y: see {@link WORKGROUP}. */
export function line(count: number): Grid {
  const x = Math.min(count, MOST)
  return [x, Math.ceil(count / Math.max(x, 1)), 1]
}

/** The number of a workgroup in a {@link line}. */
export const WORKGROUP = 'group.y * groups.x + group.x'
