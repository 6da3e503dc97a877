import { fromFront, type Node, type Reductions, reducedAxes, sizeOf, type Value } from '@sgm/tensor/compile'
import type { Builder } from '../builder'
import { type Order, permute, storedAxes, withoutAxes } from '../layout'
import { elementType } from '../proto'
import type { Context, Placed, Rule, Rules } from './context'

type Reduction = Exclude<Reductions, 'ArgMax' | 'ArgMin' | 'TopK'>

function sumOfSquares(
  { builder }: Context,
  node: Node<'Sum' | 'Mean'>,
  fold: (operator: string) => string,
): string {
  const total = fold('ReduceSumSquare')
  if (node.kernel === 'Sum') return total
  const share = sizeOf(node.outputs[0]!.shape) / sizeOf(node.inputs.x.shape)
  return builder.op('Mul', [total, builder.float(share)])
}

type Adapt = (context: Context, name: string, x: Value) => string

/** ReduceX takes its axes as an input or, before opset 18, as an attribute; 18 gives all of them as inputs. */
const reduction =
  (opType: string, adapt?: Adapt): Rule<Reduction> =>
  (context, node) => {
    const { builder } = context
    const { x } = node.inputs
    const axes = reducedAxes(
      node.inputs,
      node.kernel === 'Max' ? node.attributes.reductionIndices : node.attributes.axis,
    )
    const keep = node.attributes.keepDims ? 1 : 0
    const maker = context.maker(x)
    const squared =
      axes.length > 0 && (node.kernel === 'Sum' || node.kernel === 'Mean') && maker?.kernel === 'Square'
        ? { node, x: maker.inputs.x }
        : undefined
    const source = squared?.x ?? x
    const { name, order } = context.placed(source)
    const input = adapt ? adapt(context, name, source) : name
    const fold = (operator: string): string =>
      operator === 'ReduceSum' && source.dtype === 'float32' && isDown(source, axes, order)
        ? sumDown(context, source, { name, order }, keep)
        : builder.op(operator, [input, builder.ints(storedAxes(axes, order))], { keepdims: keep })
    const reduced =
      axes.length === 0 ? input : squared ? sumOfSquares(context, squared.node, fold) : fold(opType)
    const { dtype } = node.outputs[0]!
    const result = dtype === 'bool' ? builder.op('Cast', [reduced], { to: elementType.bool }) : reduced
    context.place(node.outputs[0]!, result, keep ? order : withoutAxes(order, axes))
  }

/** Whether a matrix is summed along its columns, as for the gradient of a bias. */
const isDown = ({ shape }: Value, axes: readonly number[], order: Order): boolean =>
  shape.length === 2 && shape[0]! > 1 && axes.length === 1 && order[0] === axes[0]

function sumDown({ builder }: Context, x: Value, { name, order }: Placed, keep: number): string {
  const [rows, columns] = permute(x.shape, order) as [number, number]
  const sum = sumOfRows(builder, name, rows)
  return keep ? sum : builder.op('Reshape', [sum, builder.ints([columns])])
}

/** The sum `[1, N]` of a matrix's rows as a product with ones, which ONNX Runtime computes up to three times as fast. */
export function sumOfRows(builder: Builder, matrix: string, rows: number): string {
  return builder.op('MatMul', [builder.op('Expand', [builder.float(1), builder.ints([1, rows])]), matrix])
}

/** Min and Max are not defined for bool. */
const asInt: Adapt = ({ builder }, name) => builder.op('Cast', [name], { to: elementType.int32 })

/** The mean of integers is a float. */
const asFloat: Adapt = ({ builder }, name, { dtype }) =>
  dtype === 'float32' ? name : builder.op('Cast', [name], { to: elementType.float32 })

const arg =
  (opType: string): Rule<'ArgMax' | 'ArgMin'> =>
  (context, node) => {
    const { builder } = context
    const { name, order } = context.placed(node.inputs.x)
    const axis = fromFront(node.attributes.axis, node.inputs.x.shape.length)
    const found = builder.op(opType, [name], { axis: order.indexOf(axis), keepdims: 0 })
    context.emit(node, 'Cast', [found], { to: elementType.int32 }, withoutAxes(order, [axis]))
  }

/** The largest along the last axis, and where they are. */
const topK: Rule<'TopK'> = (context, node) => {
  const { builder } = context
  const { x } = node.inputs
  const { k, sorted } = node.attributes
  const inputs = [context.as(x), builder.ints([k])]
  const [values, places] = builder.ops('TopK', inputs, 2, { axis: -1, sorted: Number(sorted) })
  context.place(node.outputs[0]!, values!)
  context.place(node.outputs[1]!, builder.op('Cast', [places!], { to: elementType.int32 }))
}

/** Kernels that fold axes away. */
export const reduce: Rules<Reductions> = {
  Sum: reduction('ReduceSum'),
  Mean: reduction('ReduceMean', asFloat),
  Prod: reduction('ReduceProd'),
  Min: reduction('ReduceMin'),
  Max: reduction('ReduceMax'),
  All: reduction('ReduceMin', asInt),
  Any: reduction('ReduceMax', asInt),
  ArgMax: arg('ArgMax'),
  ArgMin: arg('ArgMin'),
  TopK: topK,
}
