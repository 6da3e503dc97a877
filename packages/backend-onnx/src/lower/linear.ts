import { type Node, sizeOf, type Value } from '@sgm/tensor/compile'
import type { Builder, ElementType } from '../builder'
import { identity, sameOrder } from '../layout'
import { elementType } from '../proto'
import type { Context, Rule } from './context'

/** Matrix products; an operand stored transposed is read as it lies. */
const matMul: Rule<'BatchMatMul'> = (context, node) => {
  const { a, b } = node.inputs
  const { transposeA, transposeB } = node.attributes
  if (a.shape.length === 2 && b.shape.length === 2)
    context.place(node.outputs[0]!, matrixProduct(context, node))
  else context.emit(node, 'MatMul', [plain(context, a, transposeA), plain(context, b, transposeB)])
}

/** The product of two matrices, plus a bias for each column. @param bias @default none */
export function matrixProduct(context: Context, node: Node<'BatchMatMul'>, bias?: string): string {
  const { inputs: { a, b }, attributes: { transposeA, transposeB } } = node // biome-ignore format: one line
  const left = operand(context, a, Boolean(transposeA))
  const right = operand(context, b, Boolean(transposeB))
  const flags = { transA: Number(left.transposed), transB: Number(right.transposed) }
  const terms = a.shape[transposeA ? 0 : 1]!
  const operands = [left.name, right.name, ...(bias === undefined ? [] : [bias])]
  return gemm(context.builder, operands, flags, terms, sizeOf(node.outputs[0]!.shape))
}

/** More terms than this, in so few results, are added in float64: ONNX Runtime's kernels for few rows add them one after the other. */
const MANY_TERMS = 1024
const FEW_RESULTS = 64

/**
 * The product of two matrices, `transA` and `transB` transposed where these are 1, with so many terms in each of so many results.
 *
 * @param operands The matrices, and what to add to each row, if anything.
 */
export function gemm(
  builder: Builder,
  operands: readonly string[],
  flags: Readonly<Record<string, number>>,
  terms: number,
  results: number,
): string {
  const product = (names: readonly string[]): string =>
    names.length > 2 || Object.values(flags).some((flag) => flag === 1)
      ? builder.op('Gemm', names, flags)
      : builder.op('MatMul', names)
  if (terms <= MANY_TERMS || results > FEW_RESULTS) return product(operands)
  const to = (name: string, type: ElementType): string =>
    builder.op('Cast', [name], { to: elementType[type] })
  return to(product(operands.map((name) => to(name, 'float64'))), 'float32')
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
