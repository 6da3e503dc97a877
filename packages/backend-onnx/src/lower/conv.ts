import { convGeometry, type Geometry, type Value } from '@sgm/tensor/compile'
import type { Builder } from '../builder'
import { blockedConv, isBlocked } from './blocked-conv'
import type { Context, Rule } from './context'
import { conv2dFilter } from './filter-gradient'
import { CHANNELS_FIRST, CHANNELS_FIRST_FILTER, FILTERS_FIRST, type Size4 } from './geometry'
import { isSmall, smallConv, smallConvInput } from './small-conv'
import { addUp } from './sums'
import { windows } from './windows'

const attributesOf = ({ strides, dilations, kernel, pads }: Geometry) => ({
  strides,
  dilations,
  kernel_shape: kernel,
  pads,
})

const conv2d: Rule<'Conv2D'> = (context, node) => {
  const { x, filter } = node.inputs
  const shape = convGeometry(node.attributes, x.shape, filter.shape)
  if (isSmall(shape)) return smallConv(context, node, shape)
  if (isBlocked(context, filter)) {
    const [, , channels, filters] = filter.shape as Size4
    const product = blockedConv(context, x, tapsOf(context, filter), channels, filters, shape)
    context.place(node.outputs[0]!, product, CHANNELS_FIRST)
    return
  }
  const inputs = [context.as(x, CHANNELS_FIRST), context.as(filter, FILTERS_FIRST)]
  context.emit(node, 'Conv', inputs, attributesOf(shape), CHANNELS_FIRST)
}

/**
 * A filter `[…, h, w]` turned by half a turn. Whole taps are moved: number by number, a reversal takes five times as long, and a product
 * that reverses would make NaN of all taps where one is not finite.
 */
function turn(builder: Builder, filter: string, shape: Size4): string {
  const taps = shape[2] * shape[3]
  const swapped = (name: string): string => builder.op('Transpose', [name], { perm: [1, 0] })
  const rows = swapped(builder.reshape(filter, [shape[0] * shape[1], taps]))
  const backwards = builder.ints(Array.from({ length: taps }, (_, i) => taps - 1 - i))
  const turned = swapped(builder.op('Gather', [rows, backwards], { axis: 0 }))
  return builder.reshape(turned, shape)
}

/** A filter `[h, w, I, O]` as `[taps, I, O]`. */
function tapsOf(context: Context, filter: Value): string {
  const { builder } = context
  const [h, w, channels, filters] = filter.shape as Size4
  return builder.reshape(context.as(filter), [h * w, channels, filters])
}

/** The same turned by half a turn, as `[taps, O, I]`. */
function turnedTaps(context: Context, filter: Value): string {
  const { builder } = context
  const [h, w] = filter.shape as Size4
  const backwards = builder.ints(Array.from({ length: h * w }, (_, i) => h * w - 1 - i))
  const turned = builder.op('Gather', [tapsOf(context, filter), backwards], { axis: 0 })
  return builder.op('Transpose', [turned], { perm: [0, 2, 1] })
}

const MANY_FOR_FEW = 16

/**
 * The adjoint of a convolution; with stride 1 a convolution by the turned filter, which ONNX Runtime does faster unless it must
 * gather many channels for few.
 */
const conv2dInput: Rule<'Conv2DBackpropInput'> = (context, node) => {
  const { builder } = context
  const { dy, filter } = node.inputs
  const shape = convGeometry(node.attributes, node.attributes.inputShape, filter.shape)
  if (isSmall(shape)) return smallConvInput(context, node, shape)
  const [h, w] = shape.kernel
  const [channels, filters] = filter.shape.slice(2) as [number, number]
  const [top, left, bottom, right] = shape.pads
  const pads: Size4 = [h - 1 - top, w - 1 - left, h - 1 - bottom, w - 1 - right]
  const image = context.as(dy, CHANNELS_FIRST)
  const plain = [...shape.strides, ...shape.dilations].every((n) => n === 1) && pads.every((n) => n >= 0)
  if (plain && isBlocked(context, filter)) {
    const taps = turnedTaps(context, filter)
    const product = blockedConv(context, dy, taps, filters, channels, { ...shape, pads })
    context.place(node.outputs[0]!, product, CHANNELS_FIRST)
    return
  }
  if (plain && channels * MANY_FOR_FEW > filters) {
    const plainFilter = context.as(filter, CHANNELS_FIRST_FILTER)
    const turned = h * w === 1 ? plainFilter : turn(builder, plainFilter, [channels, filters, h, w])
    context.emit(node, 'Conv', [image, turned], { kernel_shape: [h, w], pads }, CHANNELS_FIRST)
    return
  }
  const inputs = [image, context.as(filter, FILTERS_FIRST)]
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

/** A depthwise filter `[h, w, C, M]` as ONNX has it: `[C·M, 1, h, w]`. */
function grouped(context: Context, filter: Value): string {
  const [h, w, channels, multiplier] = filter.shape as Size4
  return context.builder.op('Reshape', [
    context.as(filter, CHANNELS_FIRST_FILTER),
    context.builder.ints([channels * multiplier, 1, h, w]),
  ])
}

const depthwise: Rule<'DepthwiseConv2dNative'> = (context, node) => {
  const { x, filter } = node.inputs
  const shape = convGeometry(node.attributes, x.shape, filter.shape, true)
  const inputs = [context.as(x, CHANNELS_FIRST), grouped(context, filter)]
  context.emit(node, 'Conv', inputs, { ...attributesOf(shape), group: x.shape[3]! }, CHANNELS_FIRST)
}

const depthwiseInput: Rule<'DepthwiseConv2dNativeBackpropInput'> = (context, node) => {
  const { dy, filter } = node.inputs
  const shape = convGeometry(node.attributes, node.attributes.inputShape, filter.shape, true)
  const inputs = [context.as(dy, CHANNELS_FIRST), grouped(context, filter)]
  const attributes = { ...transposedAttributes(shape), group: filter.shape[2]! }
  context.emit(node, 'ConvTranspose', inputs, attributes, CHANNELS_FIRST)
}

const depthwiseFilter: Rule<'DepthwiseConv2dNativeBackpropFilter'> = (context, node) => {
  const { builder } = context
  const { x, dy } = node.inputs
  const { filterShape } = node.attributes
  const shape = convGeometry(node.attributes, x.shape, filterShape, true)
  const [, , channels, multiplier] = filterShape
  const places = [x.shape[0]!, ...shape.output]
  const gradient = builder.reshape(context.as(dy), [...places, channels, multiplier])
  const taps = windows(context, context.as(x), x.shape as Size4, shape, [1, 2]).map((met) => {
    const column = builder.reshape(met, [...places, channels, 1])
    const products = builder.op('Mul', [column, gradient])
    return addUp(builder, 'ReduceSum', products, [...places, channels, multiplier], [0, 1, 2], 0)
  })
  context.emit(node, 'Reshape', [builder.op('Concat', taps, { axis: 0 }), builder.ints(filterShape)])
}

/** Batch normalisation with given statistics, over the last axis of the value. */
const batchNorm: Rule<'FusedBatchNorm'> = (context, node) => {
  const { builder } = context
  const { x, mean, variance, offset, scale } = node.inputs
  const rank = x.shape.length
  const { names, order } = context.aligned(
    [x, mean, variance, ...(scale ? [scale] : []), ...(offset ? [offset] : [])],
    rank,
  )
  const [image, centre, spread] = names as [string, string, string]
  const epsilon = builder.float(node.attributes.varianceEpsilon)
  const deviation = builder.op('Sqrt', [builder.op('Add', [spread, epsilon])])
  let result = builder.op('Div', [builder.op('Sub', [image, centre]), deviation])
  if (scale) result = builder.op('Mul', [result, names[3]!])
  if (offset) result = builder.op('Add', [result, names.at(-1)!])
  context.place(node.outputs[0]!, result, order)
}

/** Convolutions and their gradients. */
export const conv = {
  Conv2D: conv2d,
  Conv2DBackpropFilter: conv2dFilter,
  Conv2DBackpropInput: conv2dInput,
  DepthwiseConv2dNative: depthwise,
  DepthwiseConv2dNativeBackpropFilter: depthwiseFilter,
  DepthwiseConv2dNativeBackpropInput: depthwiseInput,
  FusedBatchNorm: batchNorm,
}
