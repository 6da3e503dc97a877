import type { Value } from '@sgm/tensor/compile'
import { identity, sameOrder } from '../layout'
import type { Context, Rule } from './context'

/** Matrix products; an operand stored transposed is read as it lies. */
const matMul: Rule<'BatchMatMul'> = (context, node) => {
  const { a, b } = node.inputs
  const { transposeA, transposeB } = node.attributes
  if (a.shape.length === 2 && b.shape.length === 2) {
    const left = operand(context, a, Boolean(transposeA))
    const right = operand(context, b, Boolean(transposeB))
    if (left.transposed || right.transposed) {
      const flags = { transA: Number(left.transposed), transB: Number(right.transposed) }
      context.emit(node, 'Gemm', [left.name, right.name], flags)
    } else context.emit(node, 'MatMul', [left.name, right.name])
    return
  }
  context.emit(node, 'MatMul', [plain(context, a, transposeA), plain(context, b, transposeB)])
}

function operand(context: Context, x: Value, transpose: boolean): { name: string; transposed: boolean } {
  const { name, order } = context.placed(x)
  return { name, transposed: transpose !== sameOrder(order, [1, 0]) }
}

function plain(context: Context, x: Value, transpose: boolean | undefined): string {
  const order = identity(x.shape.length)
  if (!transpose) return context.as(x, order)
  return context.as(x, [...order.slice(0, -2), order.at(-1)!, order.at(-2)!])
}

const softmax =
  (opType: string): Rule<'Softmax' | 'LogSoftmax'> =>
  (context, node) => {
    const { name, order } = context.placed(node.inputs.logits)
    context.emit(node, opType, [name], { axis: order.indexOf(order.length - 1) }, order)
  }

/** Matrix products and softmax. */
export const linear = {
  BatchMatMul: matMul,
  Softmax: softmax('Softmax'),
  LogSoftmax: softmax('LogSoftmax'),
}
