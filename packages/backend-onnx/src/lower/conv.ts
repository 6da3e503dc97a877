import type { Node } from '@sgm/tensor'
import * as tf from '@tensorflow/tfjs'
import type { Order } from '../layout'
import type { Context, Rule } from './context'

/** ONNX convolves images `[B, C, H, W]`, filters `[O, I, h, w]`; tfjs has `[B, H, W, C]` and `[h, w, I, O]`. */
export const CHANNELS_FIRST: Order = [0, 3, 1, 2]
const OUT_IN: Order = [3, 2, 0, 1]
const IN_OUT: Order = [2, 3, 0, 1]

type Size4 = [number, number, number, number]

interface Geometry {
  readonly strides: [number, number]
  readonly dilations: [number, number]
  readonly kernel: [number, number]
  /** top, left, bottom, right */
  readonly pads: [number, number, number, number]
  readonly input: [number, number]
  readonly output: [number, number]
}

/** The attributes that convolutions and pools share, as tfjs has them. */
export interface WindowAttributes {
  readonly strides: number | [number, number]
  readonly pad: 'same' | 'valid' | number
  readonly dilations?: number | [number, number]
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly dataFormat?: string
}

function geometry(
  node: Node,
  inputShape: readonly number[],
  filterShape: readonly number[],
  depthwise = false,
): Geometry {
  const { strides, pad, dilations, dimRoundingMode, dataFormat } =
    node.attributes as unknown as WindowAttributes
  if (dataFormat !== undefined && dataFormat !== 'NHWC') {
    throw new Error(`onnx: expected ${node.kernel} in NHWC, got ${dataFormat}`)
  }
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as Size4,
    filterShape as Size4,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  )
  const { top, left, bottom, right } = info.padInfo
  return {
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    kernel: [info.filterHeight, info.filterWidth],
    pads: [top, left, bottom, right],
    input: [info.inHeight, info.inWidth],
    output: [info.outHeight, info.outWidth],
  }
}

const attributesOf = ({ strides, dilations, kernel, pads }: Geometry) => ({
  strides,
  dilations,
  kernel_shape: kernel,
  pads,
})

const conv2d: Rule = (context, node) => {
  const { x, filter } = node.inputs
  const shape = geometry(node, x!.shape, filter!.shape)
  const inputs = [context.as(x!, CHANNELS_FIRST), context.as(filter!, OUT_IN)]
  context.emit(node, 'Conv', inputs, attributesOf(shape), CHANNELS_FIRST)
}

/** The adjoint of a convolution; with stride 1 a convolution by the turned filter, which ONNX Runtime does faster. */
const conv2dInput: Rule = (context, node) => {
  const { builder } = context
  const { dy, filter } = node.inputs
  const shape = geometry(node, node.attributes.inputShape as number[], filter!.shape)
  const [h, w] = shape.kernel
  const [top, left, bottom, right] = shape.pads
  const pads = [h - 1 - top, w - 1 - left, h - 1 - bottom, w - 1 - right]
  const image = context.as(dy!, CHANNELS_FIRST)
  const plain = [...shape.strides, ...shape.dilations].every((n) => n === 1) && pads.every((n) => n >= 0)
  if (plain) {
    const turned =
      h * w === 1
        ? context.as(filter!, IN_OUT)
        : builder.op('Slice', [
            context.as(filter!, IN_OUT),
            builder.ints([-1, -1]),
            builder.ints([-(2 ** 31), -(2 ** 31)]),
            builder.ints([2, 3]),
            builder.ints([-1, -1]),
          ])
    context.emit(node, 'Conv', [image, turned], { kernel_shape: [h, w], pads }, CHANNELS_FIRST)
    return
  }
  const inputs = [image, context.as(filter!, OUT_IN)]
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

/** Input windows, one for each tap of the filter, in the given axis order: what the tap meets at every output place. */
function windows(context: Context, image: string, shape: Geometry, axes: [number, number]): string[] {
  const { builder } = context
  const [top, left, bottom, right] = shape.pads
  const pads = Array<number>(8).fill(0)
  ;[pads[axes[0]], pads[axes[1]], pads[axes[0] + 4], pads[axes[1] + 4]] = [top, left, bottom, right]
  const padded = pads.some((n) => n > 0) ? builder.op('Pad', [image, builder.ints(pads)]) : image
  const [sh, sw] = shape.strides
  const names: string[] = []
  for (let i = 0; i < shape.kernel[0]; i++) {
    for (let j = 0; j < shape.kernel[1]; j++) {
      const start = [i * shape.dilations[0], j * shape.dilations[1]] as const
      const stop = [start[0] + sh * (shape.output[0] - 1) + 1, start[1] + sw * (shape.output[1] - 1) + 1]
      const range = [builder.ints(start), builder.ints(stop), builder.ints(axes), builder.ints([sh, sw])]
      names.push(builder.op('Slice', [padded, ...range]))
    }
  }
  return names
}

/**
 * The filter's gradient: for each tap, (windows of x)ᵀ · dy over all images and places at once. On ONNX Runtime three times
 * as fast as one Conv with the roles of batch and channels exchanged.
 */
const conv2dFilter: Rule = (context, node) => {
  const { builder } = context
  const { x, dy } = node.inputs
  const filterShape = node.attributes.filterShape as number[]
  const shape = geometry(node, x!.shape, filterShape)
  const [channels, filters] = [filterShape[2]!, filterShape[3]!]
  const gradient = builder.op('Reshape', [context.as(dy!), builder.ints([-1, filters])])
  const taps = windows(context, context.as(x!), shape, [1, 2]).map((window) => {
    const rows = builder.op('Reshape', [window, builder.ints([-1, channels])])
    return builder.op('Gemm', [rows, gradient], { transA: 1 })
  })
  const stacked = taps.length === 1 ? taps[0]! : builder.op('Concat', taps, { axis: 0 })
  context.emit(node, 'Reshape', [stacked, builder.ints(filterShape)])
}

/** A depthwise filter `[h, w, C, M]` as ONNX has it: `[C·M, 1, h, w]`. */
function grouped(context: Context, filter: Node['inputs'][string]): string {
  const [h, w, channels, multiplier] = filter!.shape as Size4
  return context.builder.op('Reshape', [
    context.as(filter!, IN_OUT),
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
  const taps = windows(context, context.as(x!), shape, [1, 2]).map((window) => {
    const column = builder.op('Reshape', [window, builder.ints([...places, channels, 1])])
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
