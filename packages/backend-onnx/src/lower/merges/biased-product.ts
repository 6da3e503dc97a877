import { matrixProduct } from '../linear'
import type { Finder } from './merge'

/** Wider results have the bias copied to each row and read back for longer than it takes to add it after. */
const FEW_COLUMNS = 64

/** A product of matrices plus a bias for each of few columns: the runtime's Add takes longer for short rows than the product itself. */
export const biasedProduct: Finder = (node, reading) => {
  if (node.kernel !== 'Add') return undefined
  const { a: sum, b: bias } = node.inputs
  const columns = sum.shape.at(-1)!
  if (`${bias.shape}` !== `${[columns]}` || columns > FEW_COLUMNS || sum.dtype !== 'float32') return undefined
  const reshaped = reading.makerForOne(sum)
  const made = reshaped?.kernel === 'Reshape' ? reading.makerForOne(reshaped.inputs.x!) : reshaped
  if (made?.kernel !== 'BatchMatMul' || made.outputs[0]!.shape.length !== 2) return undefined
  if (made.outputs[0]!.shape[1] !== columns) return undefined
  return {
    inner: made === reshaped ? [made] : [made, reshaped!],
    write(context, output) {
      const { builder } = context
      const product = matrixProduct(context, made, context.as(bias))
      const isMatrix = output.shape.length === 2
      context.place(output, isMatrix ? product : builder.reshape(product, output.shape))
    },
  }
}
