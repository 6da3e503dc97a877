import { fromFront, type Node, type Reductions, reducedAxes, type Value } from '@sgm/tensor/compile'
import { permute, storedAxes, withoutAxes } from '../layout'
import { elementType } from '../proto'
import type { Context, Rule, Rules } from './context'
import { type Adding, addUp, sumOfRows } from './sums'

type Arg = 'ArgMax' | 'ArgMin'
type Fold = Exclude<Reductions, Arg | 'TopK'>

/** A tensor, and which of its axes go, as it stores them; they stay with size 1 where `keep` is 1. */
interface Folded {
  readonly name: string
  readonly shape: readonly number[]
  readonly axes: readonly number[]
  readonly keep: number
}

/** Places what `write` makes of a node's operand. */
function fold(context: Context, node: Node<Fold>, write: (folded: Folded) => string): void {
  const { kernel, inputs, attributes, outputs } = node
  const axes = reducedAxes(inputs, kernel === 'Max' ? attributes.reductionIndices : attributes.axis)
  const { name, order } = context.placed(inputs.x)
  const keep = attributes.keepDims ? 1 : 0
  const shape = permute(inputs.x.shape, order)
  const result = write({ name, shape, axes: storedAxes(axes, order), keep })
  context.place(outputs[0]!, result, keep ? order : withoutAxes(order, axes))
}

const cast = ({ builder }: Context, name: string, from: Value['dtype'], to: Value['dtype']): string =>
  from === to ? name : builder.op('Cast', [name], { to: elementType[to] })

/** ReduceX takes its axes as an input or, before opset 18, as an attribute; 18 gives all of them as inputs. */
function reduced({ builder }: Context, opType: string, { name, axes, keep }: Folded): string {
  return axes.length === 0 ? name : builder.op(opType, [name, builder.ints(axes)], { keepdims: keep })
}

const adding =
  (operator: Adding): Rule<'Sum' | 'Mean'> =>
  (context, node) => {
    const { x } = node.inputs
    const { dtype } = node.outputs[0]!
    fold(context, node, (folded) => {
      const same = { ...folded, name: cast(context, folded.name, x.dtype, dtype) }
      return dtype === 'float32' ? added(context, operator, same) : widely(context, same)
    })
  }

/** The product of integers, half by half: ONNX Runtime multiplies them as floats. */
function multiplied({ builder }: Context, { name, shape, axes, keep }: Folded): string {
  if (axes.length === 0) return name
  let product = name
  for (const axis of axes) {
    for (let size = shape[axis]!; size > 1; size = Math.ceil(size / 2)) {
      const half = Math.ceil(size / 2)
      const more = shape.map((_, i) => (i === axis ? 2 * half - size : 0))
      const pads = builder.ints([...shape.map(() => 0), ...more])
      const even = size % 2 === 0 ? product : builder.op('Pad', [product, pads, builder.scalar('int32', 1)])
      product = builder.op('Mul', builder.ops('Split', [even, builder.ints([half, half])], 2, { axis }))
    }
  }
  return keep ? product : builder.op('Squeeze', [product, builder.ints(axes)])
}

/** The sum of integers in 64 bits: in 32, ONNX Runtime gives the nearest integer where a result has more. */
function widely(context: Context, folded: Folded): string {
  const { builder } = context
  const wide = builder.op('Cast', [folded.name], { to: elementType.int64 })
  return builder.op('Cast', [reduced(context, 'ReduceSum', { ...folded, name: wide })], {
    to: elementType.int32,
  })
}

function added({ builder }: Context, operator: Adding, { name, shape, axes, keep }: Folded): string {
  const [rows, columns] = shape as [number, number]
  const isDown = shape.length === 2 && axes.length === 1 && axes[0] === 0 && rows > 1
  if (!isDown || operator === 'ReduceMean') return addUp(builder, operator, name, shape, axes, keep)
  const sum = sumOfRows(builder, name, rows, columns)
  return keep ? sum : builder.reshape(sum, [columns])
}

/** Whether there is a NaN among the numbers: a sum of magnitudes is one only then. ONNX Runtime's own extremes pass over some. */
function hasNan(context: Context, folded: Folded): string {
  const { builder } = context
  return builder.op('IsNaN', [
    reduced(context, 'ReduceSum', { ...folded, name: builder.op('Abs', [folded.name]) }),
  ])
}

/** The largest or smallest number, or NaN where there is one; neither is defined for bool. */
const extreme =
  (opType: 'ReduceMin' | 'ReduceMax'): Rule<'Min' | 'Max' | 'All' | 'Any'> =>
  (context, node) => {
    const { builder } = context
    const { dtype } = node.inputs.x
    fold(context, node, (folded) => {
      if (folded.axes.length === 0) return folded.name
      const whole = dtype === 'bool' ? 'int32' : dtype
      const name = cast(context, folded.name, dtype, whole)
      const result = cast(context, reduced(context, opType, { ...folded, name }), whole, dtype)
      if (dtype !== 'float32') return result
      return builder.op('Where', [hasNan(context, folded), builder.float(Number.NaN), result])
    })
  }

const product: Rule<'Prod'> = (context, node) =>
  fold(context, node, (folded) =>
    node.inputs.x.dtype === 'float32' ? reduced(context, 'ReduceProd', folded) : multiplied(context, folded),
  )

/** Where the extreme is, or the first NaN. */
const arg =
  (opType: Arg): Rule<Arg> =>
  (context, node) => {
    const { builder } = context
    const { x } = node.inputs
    const { name, order } = context.placed(x)
    const axis = fromFront(node.attributes.axis, x.shape.length)
    const at = order.indexOf(axis)
    const search = (searched: string, operator: Arg): string =>
      builder.op(operator, [searched], { axis: at, keepdims: 0 })
    let found = search(cast(context, name, x.dtype, x.dtype === 'bool' ? 'int32' : x.dtype), opType)
    if (x.dtype === 'float32') {
      const nans = cast(context, builder.op('IsNaN', [name]), 'bool', 'int32')
      const shape = permute(x.shape, order)
      const any = hasNan(context, { name, shape, axes: [at], keep: 0 })
      found = builder.op('Where', [any, search(nans, 'ArgMax'), found])
    }
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
  Sum: adding('ReduceSum'),
  Mean: adding('ReduceMean'),
  Prod: product,
  Min: extreme('ReduceMin'),
  Max: extreme('ReduceMax'),
  All: extreme('ReduceMin'),
  Any: extreme('ReduceMax'),
  ArgMax: arg('ArgMax'),
  ArgMin: arg('ArgMin'),
  TopK: topK,
}
