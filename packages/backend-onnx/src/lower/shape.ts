import type { Node, Value } from '@sgm/tensor'
import * as tf from '@tensorflow/tfjs'
import type { ElementType } from '../builder'
import { identity, invert, permute, reshapeOrder } from '../layout'
import { elementType } from '../proto'
import type { Context, Rule } from './context'

const attribute = <T>(node: Node, name: string): T => node.attributes[name] as T

const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)

/** Reshape and its kin move nothing: only where the axes lie changes. */
const reshape: Rule = (context, node) => {
  const x = Object.values(node.inputs)[0]!
  const output = node.outputs[0]!
  const { name, order } = context.placed(x)
  const reordered = reshapeOrder(x.shape, output.shape, order)
  const source = reordered ? name : context.as(x)
  const result = reordered ?? identity(output.shape.length)
  context.emit(node, 'Reshape', [source, context.builder.ints(permute(output.shape, result))], {}, result)
}

const transpose: Rule = (context, node) => {
  const { name, order } = context.placed(node.inputs.x!)
  const at = invert(attribute<number[]>(node, 'perm'))
  context.place(
    node.outputs[0]!,
    name,
    order.map((axis) => at[axis]!),
  )
}

const concat: Rule = (context, node) => {
  const parts = Object.values(node.inputs)
  const rank = parts[0]!.shape.length
  const { names, order } = context.aligned(parts, rank)
  const axis = order.indexOf(fromFront(attribute<number>(node, 'axis'), rank))
  context.emit(node, 'Concat', names, { axis }, order)
}

const pack: Rule = (context, node) => {
  const { builder } = context
  const parts = Object.values(node.inputs)
  const axis = fromFront(attribute<number>(node, 'axis'), parts[0]!.shape.length + 1)
  const names = parts.map((part) => builder.op('Unsqueeze', [context.as(part), builder.ints([axis])]))
  context.emit(node, 'Concat', names, { axis })
}

const cut = (
  context: Context,
  x: Value,
  axis: number,
  outputs: readonly Value[],
  sizes: number[],
): string[] => {
  const { name, order } = context.placed(x)
  return context.builder.ops('Split', [name, context.builder.ints(sizes)], outputs.length, {
    axis: order.indexOf(axis),
  })
}

const splitV: Rule = (context, node) => {
  const x = node.inputs.x!
  const axis = fromFront(attribute<number>(node, 'axis'), x.shape.length)
  const sizes = node.outputs.map(({ shape }) => shape[axis]!)
  const { order } = context.placed(x)
  cut(context, x, axis, node.outputs, sizes).forEach((name, i) => {
    context.place(node.outputs[i]!, name, order)
  })
}

const unpack: Rule = (context, node) => {
  const x = node.inputs.value!
  const axis = fromFront(attribute<number>(node, 'axis'), x.shape.length)
  context.place(x, context.as(x))
  const names = cut(context, x, axis, node.outputs, Array<number>(node.outputs.length).fill(1))
  names.forEach((name, i) => {
    const { builder } = context
    context.place(node.outputs[i]!, builder.op('Squeeze', [name, builder.ints([axis])]))
  })
}

const slice: Rule = (context, node) => {
  const { builder } = context
  const x = node.inputs.x!
  const { name, order } = context.placed(x)
  const [begin] = tf.slice_util.parseSliceParams(
    { shape: [...x.shape] } as tf.Tensor,
    attribute(node, 'begin'),
    attribute(node, 'size'),
  )
  const starts = permute(begin!, order)
  const sizes = permute(node.outputs[0]!.shape, order)
  const axes = identity(order.length).filter((i) => sizes[i] !== permute(x.shape, order)[i])
  const range = (values: readonly number[]): string => builder.ints(axes.map((i) => values[i]!))
  const ends = starts.map((start, i) => start + sizes[i]!)
  if (axes.length === 0) context.place(node.outputs[0]!, name, order)
  else context.emit(node, 'Slice', [name, range(starts), range(ends), builder.ints(axes)], {}, order)
}

/** Far enough for ONNX to mean "past the first element" when stepping backwards. */
const BEFORE_FIRST = -(2 ** 31)

const stridedSlice: Rule = (context, node) => {
  const { builder } = context
  const x = node.inputs.x!
  const mask = (name: string): number => attribute<number>(node, name) ?? 0
  const { begin, end, strides } = tf.slice_util.sliceInfo(
    [...x.shape],
    attribute(node, 'begin'),
    attribute(node, 'end'),
    attribute(node, 'strides'),
    mask('beginMask'),
    mask('endMask'),
    mask('ellipsisMask'),
    mask('newAxisMask'),
    mask('shrinkAxisMask'),
  )
  const ends = end.map((stop, i) => (strides[i]! < 0 && stop < 0 ? BEFORE_FIRST : stop))
  const name = builder.op('Slice', [
    context.as(x),
    builder.ints(begin),
    builder.ints(ends),
    builder.ints(identity(begin.length)),
    builder.ints(strides as number[]),
  ])
  context.emit(node, 'Reshape', [name, builder.ints(node.outputs[0]!.shape)])
}

const reverse: Rule = (context, node) => {
  const { builder } = context
  const { name, order } = context.placed(node.inputs.x!)
  const rank = order.length
  const axes = [attribute<number | number[]>(node, 'dims')]
    .flat()
    .map((axis) => order.indexOf(fromFront(axis, rank)))
  const all = (value: number): string => builder.ints(axes.map(() => value))
  context.emit(node, 'Slice', [name, all(-1), all(BEFORE_FIRST), builder.ints(axes), all(-1)], {}, order)
}

const pad =
  (mode: (node: Node) => string): Rule =>
  (context, node) => {
    const { builder } = context
    const { name, order } = context.placed(node.inputs.x!)
    const paddings = permute(attribute<[number, number][]>(node, 'paddings'), order)
    const pads = builder.ints([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)])
    const kind = mode(node)
    const value =
      kind === 'constant'
        ? [scalarOf(context, node.inputs.x!, attribute<number>(node, 'constantValue') ?? 0)]
        : []
    context.emit(node, 'Pad', [name, pads, ...value], { mode: kind }, order)
  }

const mirrorMode = (node: Node): string => {
  const mode = attribute<string>(node, 'mode')
  if (mode !== 'reflect')
    throw new Error(`backend-onnx: MirrorPad knows mode reflect, got ${mode}${at(node)}`)
  return mode
}

const tile: Rule = (context, node) => {
  const { name, order } = context.placed(node.inputs.x!)
  const repeats = context.builder.ints(permute(attribute<number[]>(node, 'reps'), order))
  context.emit(node, 'Tile', [name, repeats], {}, order)
}

const expand: Rule = (context, node) => {
  const output = node.outputs[0]!
  const { names, order } = context.aligned([node.inputs.x!], output.shape.length)
  context.emit(node, 'Expand', [names[0]!, context.builder.ints(permute(output.shape, order))], {}, order)
}

const gather: Rule = (context, node) => {
  const { x, indices } = node.inputs
  if (attribute<number>(node, 'batchDims'))
    throw new Error(`backend-onnx: gather knows batchDims 0${at(node)}`)
  context.emit(node, 'Gather', [context.as(x!), context.as(indices!)], {
    axis: attribute<number>(node, 'axis'),
  })
}

/** The runtime has OneHot of int32 indices for float32 values alone. */
const oneHot: Rule = (context, node) => {
  const { builder } = context
  const { depth, onValue = 1, offValue = 0 } = node.attributes as Record<string, number>
  const { dtype } = node.outputs[0]!
  const values = builder.constant(Float32Array.of(Number(offValue), Number(onValue)), [2], 'float32')
  const count = builder.constant(Int32Array.of(depth!), [1], 'int32')
  const hot = builder.op('OneHot', [context.as(node.inputs.indices!), count, values], { axis: -1 })
  context.place(
    node.outputs[0]!,
    dtype === 'float32' ? hot : builder.op('Cast', [hot], { to: elementType[dtype] }),
  )
}

const fill: Rule = (context, node) => {
  const { shape } = node.outputs[0]!
  const value = scalarOf(context, node.outputs[0]!, Number(attribute<number | boolean>(node, 'value')))
  if (shape.length === 0) context.place(node.outputs[0]!, value)
  else context.emit(node, 'Expand', [value, context.builder.ints(shape)])
}

const cumsum: Rule = (context, node) => {
  const { name, order } = context.placed(node.inputs.x!)
  const { axis, exclusive, reverse: backwards } = node.attributes as Record<string, number | boolean>
  const at = context.builder.constant(Int32Array.of(order.indexOf(Number(axis))), [], 'int32')
  context.emit(
    node,
    'CumSum',
    [name, at],
    { exclusive: Number(exclusive), reverse: Number(backwards) },
    order,
  )
}

const segmentSum: Rule = (context, node) => {
  const { builder } = context
  const { x, segmentIds } = node.inputs
  const output = node.outputs[0]!
  const zeros = builder.op('Expand', [scalarOf(context, output, 0), builder.ints(output.shape)])
  const ids = builder.op('Cast', [context.as(segmentIds!)], { to: elementType.int64 })
  const indices = builder.op('Unsqueeze', [ids, builder.ints([-1])])
  context.emit(node, 'ScatterND', [zeros, indices, context.as(x!)], { reduction: 'add' })
}

/** Kernels that move values about. */
export const shape: Readonly<Record<string, Rule>> = {
  BroadcastTo: expand,
  Concat: concat,
  Cumsum: cumsum,
  ExpandDims: reshape,
  Fill: fill,
  GatherV2: gather,
  MirrorPad: pad(mirrorMode),
  OneHot: oneHot,
  Pack: pack,
  PadV2: pad(() => 'constant'),
  Reshape: reshape,
  Reverse: reverse,
  Slice: slice,
  SplitV: splitV,
  StridedSlice: stridedSlice,
  Tile: tile,
  Transpose: transpose,
  Unpack: unpack,
  UnsortedSegmentSum: segmentSum,
}

function at(node: Node): string {
  const site = String(node.site ?? '')
  return site && ` (called at ${site})`
}

function scalarOf({ builder }: Context, { dtype }: Value, value: number): string {
  return builder.constant(typed(dtype, [value]), [], dtype)
}

function typed(dtype: ElementType, values: number[]): ArrayBufferView {
  if (dtype === 'float32') return Float32Array.from(values)
  return dtype === 'int32' ? Int32Array.from(values) : Uint8Array.from(values)
}
