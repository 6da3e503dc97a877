import type { Builder } from '../builder'
import { BLOCK, blockOf } from './sums'

/** Running sums along an axis: attributes of CumSum. */
interface Running {
  readonly axis: number
  readonly exclusive: number
  readonly reverse: number
}

/** Running sums in blocks, each raised by the sums of the blocks before it: as exact as other sums. */
export function runningSums(builder: Builder, x: string, shape: readonly number[], running: Running): string {
  const { axis, exclusive, reverse } = running
  const size = shape[axis]!
  if (size <= BLOCK) {
    const at = builder.constant(Int32Array.of(axis), [], 'int32')
    return builder.op('CumSum', [x, at], { exclusive, reverse })
  }
  const block = blockOf(size) ?? BLOCK
  const count = Math.ceil(size / block)
  const extra = count * block - size
  const along = (value: number): number[] => shape.map((_, i) => (i === axis ? value : 0))
  const whole = extra === 0 ? x : builder.op('Pad', [x, builder.ints([...along(0), ...along(extra)])])
  const blocks = shape.toSpliced(axis, 1, count, block)
  const parts = builder.op('Reshape', [whole, builder.ints(blocks)])
  const within = runningSums(builder, parts, blocks, { ...running, axis: axis + 1 })
  const totals = builder.op('ReduceSum', [parts, builder.ints([axis + 1])], { keepdims: 0 })
  const before = runningSums(builder, totals, shape.with(axis, count), { axis, exclusive: 1, reverse })
  const raised = builder.op('Add', [within, builder.op('Unsqueeze', [before, builder.ints([axis + 1])])])
  const result = builder.op('Reshape', [raised, builder.ints(shape.with(axis, count * block))])
  if (extra === 0) return result
  return builder.op('Slice', [result, builder.ints([0]), builder.ints([size]), builder.ints([axis])])
}
