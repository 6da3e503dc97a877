import type { Node } from '@sgm/tensor'
import type { Builder } from '../builder'
import type { Context, Rule } from './context'
import {
  CHANNELS_FIRST,
  CHANNELS_FIRST_FILTER,
  FILTERS_FIRST,
  type Geometry,
  geometry,
  type Size4,
} from './geometry'
import { sumOfRows } from './reduce'
import { isSmall, smallConv, smallConvFilter, smallConvInput } from './small-conv'

const attributesOf = ({ strides, dilations, kernel, pads }: Geometry) => ({
  strides,
  dilations,
  kernel_shape: kernel,
  pads,
})

const conv2d: Rule = (context, node) => {
  const { x, filter } = node.inputs
  const shape = geometry(node, x!.shape, filter!.shape)
  if (isSmall(shape)) return smallConv(context, node, shape)
  const inputs = [context.as(x!, CHANNELS_FIRST), context.as(filter!, FILTERS_FIRST)]
  context.emit(node, 'Conv', inputs, attributesOf(shape), CHANNELS_FIRST)
}

/** A filter `[…, h, w]` turned by half a turn: a product that reverses its taps is three times as fast as a slice that does. */
function turn(builder: Builder, filter: string, shape: Size4): string {
  const taps = shape[2] * shape[3]
  const reversal = Float32Array.from({ length: taps * taps }, (_, i) =>
    Number(Math.floor(i / taps) + (i % taps) === taps - 1),
  )
  const flat = builder.op('Reshape', [filter, builder.ints([shape[0] * shape[1], taps])])
  const turned = builder.op('MatMul', [flat, builder.constant(reversal, [taps, taps], 'float32')])
  return builder.op('Reshape', [turned, builder.ints(shape)])
}

const MANY_FOR_FEW = 16

/**
 * The adjoint of a convolution; with stride 1 a convolution by the turned filter, which ONNX Runtime does faster unless it must
 * gather many channels for few.
 */
const conv2dInput: Rule = (context, node) => {
  const { builder } = context
  const { dy, filter } = node.inputs
  const shape = geometry(node, node.attributes.inputShape as number[], filter!.shape)
  if (isSmall(shape)) return smallConvInput(context, node, shape)
  const [h, w] = shape.kernel
  const [channels, filters] = filter!.shape.slice(2) as [number, number]
  const [top, left, bottom, right] = shape.pads
  const pads = [h - 1 - top, w - 1 - left, h - 1 - bottom, w - 1 - right]
  const image = context.as(dy!, CHANNELS_FIRST)
  const plain = [...shape.strides, ...shape.dilations].every((n) => n === 1) && pads.every((n) => n >= 0)
  if (plain && channels * MANY_FOR_FEW > filters) {
    const plainFilter = context.as(filter!, CHANNELS_FIRST_FILTER)
    const turned = h * w === 1 ? plainFilter : turn(builder, plainFilter, [channels, filters, h, w])
    context.emit(node, 'Conv', [image, turned], { kernel_shape: [h, w], pads }, CHANNELS_FIRST)
    return
  }
  const inputs = [image, context.as(filter!, FILTERS_FIRST)]
  context.emit(node, 'ConvTranspose', inputs, transposedAttributes(shape), CHANNELS_FIRST)
}

/** Attributes of the ConvTranspose that undoes the shape of a convolution. */
export function transposedAttributes(shape: Geometry): Record<string, readonly number[]> {
  const reached = shape.output.map((size, i) => {
    const span = (shape.kernel[i]! - 1) * shape.dilations[i]! + 1
    return (size - 1) * shape.strides[i]! + span - shape.pads[i]! - shape.pads[i + 2]!
  })
  return { ...attributesOf(shape), output_padding: shape.input.map((size, i) => size - reached[i]!) }
}

/** The axes of an image's height and width. */
type Axes = readonly [number, number]

/** An image `[B, …]` with zeros around it, or (below 0) without its edges. */
function padded({ builder }: Context, image: string, pads: readonly number[], axes: Axes): string {
  if (pads.every((n) => n === 0)) return image
  const around = Array<number>(8).fill(0)
  axes.forEach((axis, i) => {
    around[axis] = pads[i]!
    around[axis + 4] = pads[i + 2]!
  })
  return builder.op('Pad', [image, builder.ints(around)])
}

/** Every stride-th place of an image with its zeros around it from `start` on, `count` of them. */
function window(
  context: Context,
  image: string,
  axes: Axes,
  { strides, pads, input }: Geometry,
  start: readonly [number, number],
  count: readonly [number, number],
): string {
  const { builder } = context
  const offset = start.map((from, i) => from - pads[i]!)
  const end = offset.map((from, i) => from + count[i]! - input[i]!)
  const meets = offset.every((from, i) => from < input[i]! && from + count[i]! > 0)
  if (meets && strides.every((n) => n === 1)) {
    const before = offset.map((n) => (n === 0 ? 0 : -n))
    return padded(context, image, [...before, ...end], axes)
  }
  const around = context.once(`${image} ${axes} ${pads}`, () => padded(context, image, pads, axes))
  const stop = start.map((from, i) => from + strides[i]! * (count[i]! - 1) + 1)
  return builder.op('Slice', [around, ...[start, stop, axes, strides].map((list) => builder.ints(list))])
}

/** Input windows, one for each tap of the filter: what the tap meets at every output place. */
function windows(context: Context, image: string, shape: Geometry, axes: Axes): string[] {
  return grid(shape.kernel).map(([i, j]) => {
    const start = [i * shape.dilations[0], j * shape.dilations[1]] as const
    return window(context, image, axes, shape, start, shape.output)
  })
}

/** The pairs (i, j) of a grid, row by row. */
function grid([rows, columns]: readonly [number, number]): [number, number][] {
  return Array.from({ length: rows * columns }, (_, k) => [Math.floor(k / columns), k % columns])
}

/** From this many output places on, images are multiplied one by one as they lie, channels first. */
const BY_IMAGE_FROM = 256

/** Fewer rows than this in a filter's matrix are multiplied all at once. */
const FEW_ROWS = 64

/**
 * The filter's gradient: for each tap, dy times the windows of x that the tap meets. Which of the ways below is fastest was
 * measured; one Conv with the roles of batch and channels exchanged takes three to six times as long.
 */
const conv2dFilter: Rule = (context, node) => {
  const { builder } = context
  const filterShape = node.attributes.filterShape as Size4
  const shape = geometry(node, node.inputs.x!.shape, filterShape)
  const [h, w, channels, filters] = filterShape
  const large = shape.output[0] * shape.output[1] >= BY_IMAGE_FROM
  const way = isSmall(shape)
    ? smallConvFilter
    : !large
      ? filterByRows
      : h * w * channels <= FEW_ROWS
        ? filterByColumns
        : filterByImages
  const gradient = way(context, node, shape, filters, channels)
  context.emit(node, 'Reshape', [gradient, builder.ints([filters, channels, h, w])], {}, FILTERS_FIRST)
}

type FilterGradient = (
  context: Context,
  node: Node,
  shape: Geometry,
  filters: number,
  channels: number,
) => string

/** `O · I` numbers for each tap → `[O · I, taps]`. No Transpose: ONNX Runtime would move it behind the optimiser's arithmetic. */
function besideEachOther({ builder }: Context, taps: readonly string[]): string {
  const columns = taps.map((tap) => builder.op('Reshape', [tap, builder.ints([-1, 1])]))
  return columns.length === 1 ? columns[0]! : builder.op('Concat', columns, { axis: 1 })
}

/** Small images: all places of all images are the rows of one product a tap. */
const filterByRows: FilterGradient = (context, { inputs: { x, dy } }, shape, filters, channels) => {
  const { builder } = context
  const gradient = builder.op('Reshape', [context.as(dy!), builder.ints([-1, filters])])
  const taps = windows(context, context.as(x!), shape, [1, 2]).map((met) => {
    const rows = builder.op('Reshape', [met, builder.ints([-1, channels])])
    return builder.op('Gemm', [gradient, rows], { transA: 1 })
  })
  return besideEachOther(context, taps)
}

/** `[B, O, P]` · `[B, I, P]`ᵀ, summed over the images → `[1, O · I]`. */
function overImages({ builder }: Context, batch: number, gradient: string, window: string): string {
  const turned = builder.op('Transpose', [window], { perm: [0, 2, 1] })
  const products = builder.op('MatMul', [gradient, turned])
  return sumOfRows(builder, builder.op('Reshape', [products, builder.ints([batch, -1])]), batch)
}

/** Large images of few channels: the windows of all taps stand below each other. */
const filterByColumns: FilterGradient = (context, { inputs: { x, dy } }, shape, filters, channels) => {
  const { builder } = context
  const [batch, places] = [x!.shape[0]!, shape.output[0] * shape.output[1]]
  const flat = (image: string, count: number): string =>
    builder.op('Reshape', [image, builder.ints([batch, count, places])])
  const found = windows(context, context.as(x!, CHANNELS_FIRST), shape, [2, 3])
  const columns = flat(builder.op('Concat', found, { axis: 1 }), found.length * channels)
  const product = overImages(context, batch, flat(context.as(dy!, CHANNELS_FIRST), filters), columns)
  const perTap = builder.op('Reshape', [product, builder.ints([filters, found.length, channels])])
  return channels === 1 ? perTap : builder.op('Transpose', [perTap], { perm: [0, 2, 1] })
}

/**
 * Large images: one product an image and tap. Taps whose rows are whole strides apart share their windows, and dy is moved by
 * rows of zeros instead: a third of the copies.
 */
const filterByImages: FilterGradient = (context, { inputs: { x, dy } }, shape, filters, channels) => {
  const { builder } = context
  const batch = x!.shape[0]!
  const [height, width] = shape.output
  const image = context.as(x!, CHANNELS_FIRST)
  const gradient = context.as(dy!, CHANNELS_FIRST)
  const taps: string[] = []
  for (const [start, group] of sharedRows(shape)) {
    const extra = Math.max(...group.map(({ down }) => down))
    const rows = height + extra
    const moved = group.map(({ i, down }) => {
      const lower = builder.ints([0, 0, down, 0, 0, 0, extra - down, 0])
      const lowered = extra > 0 ? builder.op('Pad', [gradient, lower]) : gradient
      return { i, flat: builder.op('Reshape', [lowered, builder.ints([batch, filters, rows * width])]) }
    })
    for (let j = 0; j < shape.kernel[1]; j++) {
      const from = [start, j * shape.dilations[1]] as const
      const met = window(context, image, [2, 3], shape, from, [rows, width])
      const flat = builder.op('Reshape', [met, builder.ints([batch, channels, rows * width])])
      for (const row of moved) taps[row.i * shape.kernel[1] + j] = overImages(context, batch, row.flat, flat)
    }
  }
  return besideEachOther(context, taps)
}

/** The filter's rows i, by the image row modulo the stride at which they start; `down` whole strides further. */
function sharedRows({ kernel, dilations, strides }: Geometry): Map<number, { i: number; down: number }[]> {
  const groups = new Map<number, { i: number; down: number }[]>()
  for (let i = 0; i < kernel[0]; i++) {
    const row = i * dilations[0]
    const start = row % strides[0]
    groups.set(start, [...(groups.get(start) ?? []), { i, down: Math.floor(row / strides[0]) }])
  }
  return groups
}

/** A depthwise filter `[h, w, C, M]` as ONNX has it: `[C·M, 1, h, w]`. */
function grouped(context: Context, filter: Node['inputs'][string]): string {
  const [h, w, channels, multiplier] = filter!.shape as Size4
  return context.builder.op('Reshape', [
    context.as(filter!, CHANNELS_FIRST_FILTER),
    context.builder.ints([channels * multiplier, 1, h, w]),
  ])
}

const depthwise: Rule = (context, node) => {
  const { x, filter } = node.inputs
  const shape = geometry(node, x!.shape, filter!.shape, true)
  const inputs = [context.as(x!, CHANNELS_FIRST), grouped(context, filter!)]
  context.emit(node, 'Conv', inputs, { ...attributesOf(shape), group: x!.shape[3]! }, CHANNELS_FIRST)
}

const depthwiseInput: Rule = (context, node) => {
  const { dy, filter } = node.inputs
  const shape = geometry(node, node.attributes.inputShape as number[], filter!.shape, true)
  const inputs = [context.as(dy!, CHANNELS_FIRST), grouped(context, filter!)]
  const attributes = { ...transposedAttributes(shape), group: filter!.shape[2]! }
  context.emit(node, 'ConvTranspose', inputs, attributes, CHANNELS_FIRST)
}

const depthwiseFilter: Rule = (context, node) => {
  const { builder } = context
  const { x, dy } = node.inputs
  const filterShape = node.attributes.filterShape as Size4
  const shape = geometry(node, x!.shape, filterShape, true)
  const [, , channels, multiplier] = filterShape
  const places = [x!.shape[0]!, ...shape.output]
  const gradient = builder.op('Reshape', [context.as(dy!), builder.ints([...places, channels, multiplier])])
  const taps = windows(context, context.as(x!), shape, [1, 2]).map((met) => {
    const column = builder.op('Reshape', [met, builder.ints([...places, channels, 1])])
    return builder.op('ReduceSum', [builder.op('Mul', [column, gradient]), builder.ints([0, 1, 2])], {
      keepdims: 0,
    })
  })
  context.emit(node, 'Reshape', [builder.op('Concat', taps, { axis: 0 }), builder.ints(filterShape)])
}

/** Batch normalisation with given statistics, over the last axis of the value. */
const batchNorm: Rule = (context, node) => {
  const { builder } = context
  const { x, mean, variance, offset, scale } = node.inputs
  const rank = x!.shape.length
  const { names, order } = context.aligned(
    [x!, mean!, variance!, ...(scale ? [scale] : []), ...(offset ? [offset] : [])],
    rank,
  )
  const [image, centre, spread] = names as [string, string, string]
  const epsilon = builder.float(node.attributes.varianceEpsilon as number)
  const deviation = builder.op('Sqrt', [builder.op('Add', [spread, epsilon])])
  let result = builder.op('Div', [builder.op('Sub', [image, centre]), deviation])
  if (scale) result = builder.op('Mul', [result, names[3]!])
  if (offset) result = builder.op('Add', [result, names.at(-1)!])
  context.place(node.outputs[0]!, result, order)
}

/** Convolutions and their gradients. */
export const conv: Readonly<Record<string, Rule>> = {
  Conv2D: conv2d,
  Conv2DBackpropFilter: conv2dFilter,
  Conv2DBackpropInput: conv2dInput,
  DepthwiseConv2dNative: depthwise,
  DepthwiseConv2dNativeBackpropFilter: depthwiseFilter,
  DepthwiseConv2dNativeBackpropInput: depthwiseInput,
  FusedBatchNorm: batchNorm,
}
