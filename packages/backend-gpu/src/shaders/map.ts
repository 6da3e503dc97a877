import type { Group } from '../plan/fuse'
import type { Tuning } from '../plan/tuning'
import { type Slots, Writer } from '../wgsl/writer'
import { type Context, GroupReader } from './reader'
import { line, type Shader, shaderOf, WORKGROUP } from './shader'

/** A kernel in which each thread makes one element of every value. */
export function mapShader(
  { calls, written }: Group,
  size: number,
  slots: Slots,
  context: Context,
  tuning: Tuning,
): Shader {
  const w = new Writer(slots)
  const reader = new GroupReader(w, calls, context, () => 'i')
  w.line(`let i = (${WORKGROUP}) * ${tuning.map}u + local;`)
  w.block(`if (i < ${w.size(size)})`, () => {
    const elements = written.map((value) => reader.own(value))
    written.forEach((value, j) => {
      w.store(value, 'i', elements[j]!)
    })
  })
  return shaderOf(w, labelOf(calls), tuning.map, line(Math.ceil(size / tuning.map)))
}

/** The kernels that a shader works out: `Add Relu`. */
export function labelOf(calls: Group['calls']): string {
  return calls.map(({ name }) => name).join(' ')
}
