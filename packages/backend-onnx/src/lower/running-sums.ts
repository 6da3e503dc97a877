import type { Builder } from '../builder'
import { elementType } from '../proto'
import { BLOCK, blockOf } from './sums'

/** Running sums along an axis: attributes of CumSum. */
interface Running {
  readonly axis: number
  readonly exclusive: number
  readonly reverse: number
}

/**
 * Running sums of floats in blocks, each raised by the sums of the blocks before it: as exact as other sums. In float64 where no blocks
 * divide the axis.
 */
export function runningSums(builder: Builder, x: string, shape: readonly number[], running: Running): string {
  const { axis, reverse } = running
  const size = shape[axis]!
  if (size <= BLOCK) return runningSum(builder, x, running)
  const block = blockOf(size)
  if (block === undefined) {
    const wide = builder.op('Cast', [x], { to: elementType.float64 })
    return builder.op('Cast', [runningSum(builder, wide, running)], { to: elementType.float32 })
  }
  const count = size / block
  const blocks = shape.toSpliced(axis, 1, count, block)
  const parts = builder.reshape(x, blocks)
  const within = runningSums(builder, parts, blocks, { ...running, axis: axis + 1 })
  const totals = builder.op('ReduceSum', [parts, builder.ints([axis + 1])], { keepdims: 0 })
  const before = runningSums(builder, totals, shape.with(axis, count), { axis, exclusive: 1, reverse })
  const raised = builder.op('Add', [within, builder.op('Unsqueeze', [before, builder.ints([axis + 1])])])
  return builder.reshape(raised, shape)
}

/** Number after number. */
export function runningSum(builder: Builder, x: string, { axis, exclusive, reverse }: Running): string {
  return builder.op('CumSum', [x, builder.constant(Int32Array.of(axis), [], 'int32')], { exclusive, reverse })
}
