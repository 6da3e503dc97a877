import { convGeometry, type Geometry } from '@sgm/tensor/compile'
import { identity, type Order, permute } from '../layout'
import type { Context, Rule } from './context'
import { CHANNELS_FIRST } from './geometry'
import { gemm } from './linear'
import { isSmall, smallConvFilter } from './small-conv'
import { sumOfRows } from './sums'
import { type Span, span } from './windows'

/**
 * The filter's gradient: tap by tap, the images times dy, summed over all images and the places that the tap brings together. Of the two, what has
 * fewer channels is moved sideways, once for each column of the filter; rows are left out of both where a tap meets none, for what is not
 * finite there must not meet a zero.
 */
export const conv2dFilter: Rule<'Conv2DBackpropFilter'> = (context, node) => {
  const { builder } = context
  const { x, dy } = node.inputs
  const shape = convGeometry(node.attributes, x.shape, node.attributes.filterShape)
  if (isSmall(shape)) return smallConvFilter(context, node, shape)
  const [h, w, channels, filters] = node.attributes.filterShape
  // Image by image, the products take less room than what they are made of.
  const isByImage = h * w * channels * filters <= (w * channels + filters) * x.shape[1]! * x.shape[2]!
  const { order, rows, columns, product, total } = isByImage ? byImage : atOnce
  const [images, gradients] = [context.as(x, order), context.as(dy, order)]
  const [ofImages, ofGradients] = [permute(x.shape, order), permute(dy.shape, order)]
  const movesGradients = filters < channels && shape.strides[1] === 1
  const width = movesGradients ? shape.input[1] : shape.output[1]
  const together = Array.from({ length: w }, (_, j): readonly [image: string, gradient: string] => {
    const from = j * shape.dilations[1] - shape.pads[1]
    const places = { from: movesGradients ? -from : from, count: width, stride: shape.strides[1] }
    if (movesGradients) return [images, span(builder, gradients, ofGradients, columns, places)]
    return [span(builder, images, ofImages, columns, places), gradients]
  })
  const cut = (name: string, of: readonly number[], places: Span): string =>
    context.once(`rows ${name} ${JSON.stringify(places)}`, () =>
      span(builder, name, of.with(columns, width), rows, places),
    )
  const taps = Array.from({ length: h }, (_, i) => meeting(shape, i)).flatMap(({ met, by }) =>
    together.map(([image, gradient]) => {
      const [a, b] = [cut(image, ofImages, met), cut(gradient, ofGradients, by)]
      return product(context, [a, channels], [b, filters], x.shape[0]!, by.count * width)
    }),
  )
  const sum = total(context, taps, x.shape[0]!, channels * filters)
  const result = builder.op('Reshape', [sum, builder.ints([h, w, channels, filters])])
  context.place(node.outputs[0]!, result)
}

/** The rows of images that a row of the filter meets, and the rows of the result at which it does. */
function meeting({ strides, dilations, pads, input, output }: Geometry, i: number): { met: Span; by: Span } {
  const [stride, start] = [strides[0], i * dilations[0] - pads[0]]
  const from = Math.max(0, Math.ceil(-start / stride))
  const end = Math.min(output[0], Math.floor((input[0] - 1 - start) / stride) + 1)
  const count = Math.max(0, end - from)
  return { met: { from: start + stride * from, count, stride }, by: { from, count, stride: 1 } }
}

/** Images or gradients, and how many channels they have. */
type Operand = readonly [name: string, channels: number]

/** A way to multiply: for each two channels, the sum over all places. */
interface Way {
  /** How images lie for it, and which axes their rows and columns are then. */
  readonly order: Order
  readonly rows: number
  readonly columns: number
  /** The product of images and gradients of so many places. */
  readonly product: (context: Context, a: Operand, b: Operand, batch: number, places: number) => string
  /** All taps' products, of so many numbers, summed over the images. */
  readonly total: (context: Context, taps: readonly string[], batch: number, size: number) => string
}

/** A product for each image. */
const byImage: Way = {
  order: CHANNELS_FIRST,
  rows: 2,
  columns: 3,
  product({ builder }, a, b, batch, places) {
    const flat = ([name, channels]: Operand): string =>
      builder.op('Reshape', [name, builder.ints([batch, channels, places])])
    return builder.op('MatMul', [flat(a), builder.op('Transpose', [flat(b)], { perm: [0, 2, 1] })])
  },
  total({ builder }, taps, batch, size) {
    const joined = builder.op('Concat', taps, { axis: 1 })
    const all = taps.length * size
    return sumOfRows(builder, builder.op('Reshape', [joined, builder.ints([batch, all])]), batch, all)
  },
}

/** One product, with the places of all images as its terms. */
const atOnce: Way = {
  order: identity(4),
  rows: 1,
  columns: 2,
  product({ builder }, a, b, batch, places) {
    const flat = ([name, channels]: Operand): string =>
      builder.op('Reshape', [name, builder.ints([batch * places, channels])])
    return gemm(builder, [flat(a), flat(b)], { transA: 1 }, batch * places, a[1] * b[1])
  },
  total: ({ builder }, taps) => builder.op('Concat', taps, { axis: 0 }),
}
