import { sizeOf, type Value } from '@sgm/tensor/compile'
import { BLOCKED } from '../blocked-conv'
import type { Finder } from './merge'

/** Fewer numbers are not worth the reshapes. */
const LEAST = 1 << 14

/**
 * a − b + s with a number s, as in the derivative of the SiLU: a convolution of one tap, −1, on blocks of channels, with a to add to and s as bias. It
 * takes as long as one pass, and writes over a.
 */
export const differenceAndShift: Finder = (node, reading) => {
  if (node.kernel !== 'Add') return undefined
  const { a: sum, b: shift } = node.inputs
  const made = reading.makerForOne(sum)
  if (made?.kernel !== 'Sub' || !isLarge(sum) || shift.shape.length > 0) return undefined
  const { a, b } = made.inputs
  if (`${a.shape}` !== `${b.shape}`) return undefined
  return {
    inner: [made],
    pays: ({ channelBlock }) => sizeOf(sum.shape.slice(1)) % channelBlock! === 0,
    write(context, output) {
      const { builder, channelBlock: block } = context
      const { names, order } = context.aligned([a, b], sum.shape.length)
      const blocks = names.map((name) =>
        builder.op('Reshape', [name, builder.ints([1, block!, 1, sizeOf(sum.shape) / block!])]),
      )
      const [whole, part] = blocks as [string, string]
      const repeated = (value: string, shape: readonly number[]): string =>
        builder.op('Expand', [value, builder.ints(shape)])
      const tap = repeated(builder.float(-1), [block!, 1, 1, 1])
      const bias = repeated(context.as(shift), [block!])
      const attributes = { kernel_shape: [1, 1], group: block! }
      const made = builder.op('Conv', [part, tap, bias, whole], attributes, BLOCKED)
      const shape = builder.ints(order.map((axis) => output.shape[axis]!))
      context.place(output, builder.op('Reshape', [made, shape]), order)
    },
  }
}

const isLarge = ({ shape, dtype }: Value): boolean => dtype === 'float32' && sizeOf(shape) >= LEAST
