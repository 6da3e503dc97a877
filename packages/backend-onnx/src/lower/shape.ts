import {
  fromFront,
  type Making,
  type Moving,
  type Node,
  operands,
  sizeOf,
  sliceRange,
  stridedRange,
  type Value,
} from '@sgm/tensor/compile'
import { arrays } from '../builder'
import { identity, invert, permute, reshapeOrder } from '../layout'
import { elementType } from '../proto'
import type { Context, Rule, Rules } from './context'
import { runningSum, runningSums } from './running-sums'
import { BLOCK } from './sums'

/** Reshape and its kin move nothing: only where the axes lie changes. */
const reshape: Rule<'Reshape' | 'ExpandDims'> = (context, node) => {
  const x = operands(node)[0]!
  const output = node.outputs[0]!
  const { name, order } = context.placed(x)
  const reordered = reshapeOrder(x.shape, output.shape, order)
  const source = reordered ? name : context.as(x)
  const result = reordered ?? identity(output.shape.length)
  context.emit(node, 'Reshape', [source, context.builder.ints(permute(output.shape, result))], {}, result)
}

const transpose: Rule<'Transpose'> = (context, node) => {
  const { name, order } = context.placed(node.inputs.x)
  const at = invert(node.attributes.perm)
  context.place(
    node.outputs[0]!,
    name,
    order.map((axis) => at[axis]!),
  )
}

const concat: Rule<'Concat'> = (context, node) => {
  const parts = Object.values(node.inputs)
  const rank = parts[0]!.shape.length
  const { names, order } = context.aligned(parts, rank)
  const axis = order.indexOf(fromFront(node.attributes.axis, rank))
  context.emit(node, 'Concat', names, { axis }, order)
}

const pack: Rule<'Pack'> = (context, node) => {
  const { builder } = context
  const parts = Object.values(node.inputs)
  const axis = fromFront(node.attributes.axis, parts[0]!.shape.length + 1)
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

const splitV: Rule<'SplitV'> = (context, node) => {
  const x = node.inputs.x
  const axis = fromFront(node.attributes.axis, x.shape.length)
  const sizes = node.outputs.map(({ shape }) => shape[axis]!)
  const { order } = context.placed(x)
  cut(context, x, axis, node.outputs, sizes).forEach((name, i) => {
    context.place(node.outputs[i]!, name, order)
  })
}

const unpack: Rule<'Unpack'> = (context, node) => {
  const x = node.inputs.value
  const axis = fromFront(node.attributes.axis, x.shape.length)
  context.place(x, context.as(x))
  const names = cut(context, x, axis, node.outputs, Array<number>(node.outputs.length).fill(1))
  names.forEach((name, i) => {
    const { builder } = context
    context.place(node.outputs[i]!, builder.op('Squeeze', [name, builder.ints([axis])]))
  })
}

const slice: Rule<'Slice'> = (context, node) => {
  const { builder } = context
  const x = node.inputs.x
  const { name, order } = context.placed(x)
  const starts = permute(sliceRange(node.attributes, x.shape).begin, order)
  const sizes = permute(node.outputs[0]!.shape, order)
  const axes = identity(order.length).filter((i) => sizes[i] !== permute(x.shape, order)[i])
  const range = (values: readonly number[]): string => builder.ints(axes.map((i) => values[i]!))
  const ends = starts.map((start, i) => start + sizes[i]!)
  if (axes.length === 0) context.place(node.outputs[0]!, name, order)
  else context.emit(node, 'Slice', [name, range(starts), range(ends), builder.ints(axes)], {}, order)
}

/** Far enough for ONNX to mean "past the first element" when stepping backwards. */
const BEFORE_FIRST = -(2 ** 31)

const stridedSlice: Rule<'StridedSlice'> = (context, node) => {
  const { builder } = context
  const x = node.inputs.x
  const { begin, end, strides } = stridedRange(node.attributes, x.shape)
  const ends = end.map((stop, i) => (strides[i]! < 0 && stop < 0 ? BEFORE_FIRST : stop))
  const name = builder.op('Slice', [
    context.as(x),
    builder.ints(begin),
    builder.ints(ends),
    builder.ints(identity(begin.length)),
    builder.ints(strides),
  ])
  context.emit(node, 'Reshape', [name, builder.ints(node.outputs[0]!.shape)])
}

const reverse: Rule<'Reverse'> = (context, node) => {
  const { builder } = context
  const { name, order } = context.placed(node.inputs.x)
  const rank = order.length
  const axes = [node.attributes.dims].flat().map((axis) => order.indexOf(fromFront(axis, rank)))
  const all = (value: number): string => builder.ints(axes.map(() => value))
  context.emit(node, 'Slice', [name, all(-1), all(BEFORE_FIRST), builder.ints(axes), all(-1)], {}, order)
}

function padded(
  context: Context,
  node: Node<'PadV2' | 'MirrorPad'>,
  mode: string,
  value: readonly string[] = [],
): void {
  const { name, order } = context.placed(node.inputs.x)
  const paddings = permute(node.attributes.paddings, order)
  const pads = [...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]
  context.emit(node, 'Pad', [name, context.builder.ints(pads), ...value], { mode }, order)
}

const pad: Rule<'PadV2'> = (context, node) => {
  const { constantValue = 0 } = node.attributes
  padded(context, node, 'constant', [context.builder.scalar(node.inputs.x.dtype, constantValue)])
}

const mirrorPad: Rule<'MirrorPad'> = (context, node) => {
  const { mode } = node.attributes
  if (mode !== 'reflect') throw new Error(`onnx: expected MirrorPad of mode reflect, got ${mode}${at(node)}`)
  padded(context, node, mode)
}

const tile: Rule<'Tile'> = (context, node) => {
  const { name, order } = context.placed(node.inputs.x)
  const repeats = context.builder.ints(permute(node.attributes.reps, order))
  context.emit(node, 'Tile', [name, repeats], {}, order)
}

const expand: Rule<'BroadcastTo'> = (context, node) => {
  const output = node.outputs[0]!
  const { names, order } = context.aligned([node.inputs.x], output.shape.length)
  context.emit(node, 'Expand', [names[0]!, context.builder.ints(permute(output.shape, order))], {}, order)
}

const gather: Rule<'GatherV2'> = (context, node) => {
  const { x, indices } = node.inputs
  if (node.attributes.batchDims)
    throw new Error(`onnx: expected gather without batchDims, got ${node.attributes.batchDims}${at(node)}`)
  context.emit(node, 'Gather', [context.as(x), context.as(indices)], {
    axis: node.attributes.axis,
  })
}

/** Where an index is that of the place; one out of range is nowhere, while ONNX counts negative ones from the end. */
const oneHot: Rule<'OneHot'> = (context, node) => {
  const { builder } = context
  const { depth, onValue = 1, offValue = 0 } = node.attributes
  const { dtype } = node.outputs[0]!
  const indices = builder.op('Unsqueeze', [context.as(node.inputs.indices), builder.ints([-1])])
  const places = builder.constant(Int32Array.from({ length: depth }, (_, i) => i), [depth], 'int32') // biome-ignore format: one list
  const isThere = builder.op('Equal', [indices, places])
  const numeric = dtype === 'bool' ? 'int32' : dtype
  const values = [onValue, offValue].map((value) => builder.scalar(numeric, Number(value)))
  const hot = builder.op('Where', [isThere, ...values])
  context.place(
    node.outputs[0]!,
    numeric === dtype ? hot : builder.op('Cast', [hot], { to: elementType[dtype] }),
  )
}

const fill: Rule<'Fill'> = (context, node) => {
  const { shape } = node.outputs[0]!
  const value = context.builder.scalar(node.outputs[0]!.dtype, Number(node.attributes.value))
  if (shape.length === 0) context.place(node.outputs[0]!, value)
  else context.emit(node, 'Expand', [value, context.builder.ints(shape)])
}

/** Numbers known beforehand. */
const linSpace: Rule<'LinSpace'> = (context, node) => {
  const { start, stop, num } = node.attributes
  const data = Float32Array.from(
    { length: num },
    (_, i) => start + (i * (stop - start)) / Math.max(num - 1, 1),
  )
  context.place(node.outputs[0]!, context.builder.constant(data, [num], 'float32'))
}

const range: Rule<'Range'> = (context, node) => {
  const { start, step } = node.attributes
  const { shape, dtype } = node.outputs[0]!
  const data = Array.from({ length: shape[0]! }, (_, i) => start + i * step)
  context.place(node.outputs[0]!, context.builder.constant(arrays[dtype].from(data), shape, dtype))
}

const cumsum: Rule<'Cumsum'> = (context, node) => {
  const { builder } = context
  const { x } = node.inputs
  const { name, order } = context.placed(x)
  const axis = order.indexOf(fromFront(node.attributes.axis, order.length))
  const running = {
    axis,
    exclusive: Number(node.attributes.exclusive),
    reverse: Number(node.attributes.reverse),
  }
  const result =
    x.dtype === 'float32'
      ? runningSums(builder, name, permute(x.shape, order), running)
      : runningSum(builder, name, running)
  context.place(node.outputs[0]!, result, order)
}

const segmentSum: Rule<'UnsortedSegmentSum'> = (context, node) => {
  const { builder } = context
  const { x, segmentIds } = node.inputs
  const output = node.outputs[0]!
  const ids = builder.op('Cast', [context.as(segmentIds)], { to: elementType.int64 })
  const indices = builder.op('Unsqueeze', [ids, builder.ints([-1])])
  const isLong = output.dtype === 'float32' && sizeOf(segmentIds.shape) > BLOCK
  const wide = (name: string): string =>
    isLong ? builder.op('Cast', [name], { to: elementType.float64 }) : name
  const zeros = builder.op('Expand', [wide(builder.scalar(output.dtype, 0)), builder.ints(output.shape)])
  const sums = builder.op('ScatterND', [zeros, indices, wide(context.as(x))], { reduction: 'add' })
  context.place(output, isLong ? builder.op('Cast', [sums], { to: elementType.float32 }) : sums)
}

/** Kernels that move values about. */
export const shape: Rules<Moving | Making> = {
  BroadcastTo: expand,
  Concat: concat,
  Cumsum: cumsum,
  ExpandDims: reshape,
  Fill: fill,
  LinSpace: linSpace,
  Range: range,
  GatherV2: gather,
  MirrorPad: mirrorPad,
  OneHot: oneHot,
  Pack: pack,
  PadV2: pad,
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

function at({ site }: Pick<Node, 'site'>): string {
  const text = String(site ?? '')
  return text && `, called at ${text}`
}
