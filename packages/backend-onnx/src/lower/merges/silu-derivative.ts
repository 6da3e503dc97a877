import { sizeOf, type Value } from '@sgm/tensor/compile'
import { permute } from '../../layout'
import { BLOCKED } from '../blocked-conv'
import type { Finder, Reading } from './merge'

/** Fewer numbers are not worth the reshapes. */
const LEAST = 1 << 14

/**
 * x − x σ(x) + 1, a factor of the SiLU's derivative: a convolution of one tap, −1, on blocks of channels that are none, with x to add to and 1 as
 * bias. It takes one pass for two, and writes over x. As part of other sums it would keep them from being cut into tiles.
 */
export const siluDerivative: Finder = (node, reading) => {
  if (node.kernel !== 'Add') return undefined
  const { a: sum, b: one } = node.inputs
  const made = reading.makerForOne(sum)
  if (made?.kernel !== 'Sub' || sizeOf(sum.shape) < LEAST || one.shape.length > 0) return undefined
  const { a: x, b: gated } = made.inputs
  if (!isGated(reading, gated, x)) return undefined
  return {
    inner: [made],
    pays: ({ channelBlock }) => sizeOf(sum.shape.slice(1)) % channelBlock! === 0,
    write(context, output) {
      const { builder, channelBlock } = context
      const block = channelBlock!
      const { names, order } = context.aligned([x, gated], sum.shape.length)
      const [to, from] = names.map((name) => builder.reshape(name, [1, block, 1, sizeOf(sum.shape) / block]))
      const inputs = [
        from!,
        builder.repeated(-1, [block, 1, 1, 1]),
        builder.op('Expand', [context.as(one), builder.ints([block])]),
      ]
      const result = builder.op('Conv', [...inputs, to!], { kernel_shape: [1, 1], group: block }, BLOCKED)
      context.place(output, builder.reshape(result, permute(output.shape, order)), order)
    },
  }
}

/** Whether a value is x σ(x). */
function isGated(reading: Reading, value: Value, x: Value): boolean {
  const made = reading.maker(value)
  if (made?.kernel !== 'Multiply') return false
  const { a, b } = made.inputs
  const gate = a.id === x.id ? b : b.id === x.id ? a : undefined
  const squashed = gate && reading.maker(gate)
  return squashed?.kernel === 'Sigmoid' && squashed.inputs.x.id === x.id
}
