import { convGeometry, type Geometry } from '@sgm/tensor/compile'
import { identity, type Order, permute } from '../layout'
import type { Context, Rule } from './context'
import { CHANNELS_FIRST } from './geometry'
import { gemm } from './linear'
import { isSmall, smallConvFilter } from './small-conv'
import { sumOfRows } from './sums'
import { metBy, type Span, span } from './windows'

/**
 * The filter's gradient: tap by tap, the images times dy, summed over all images and the places that the tap brings together. The images are moved,
 * with zeros around them as in the convolution. Where dy has fewer channels, that is moved sideways, and rows that a tap does not meet are left out:
 * images may hold there what is not finite.
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
  const movesGradients = filters < channels && shape.strides.every((stride) => stride === 1)
  const width = movesGradients ? shape.input[1] : shape.output[1]
  const together = Array.from({ length: w }, (_, j): readonly [image: string, gradient: string] => {
    const met = metBy(shape, 1, j)
    if (!movesGradients) return [span(builder, images, ofImages, columns, met), gradients]
    return [
      images,
      span(builder, gradients, ofGradients, columns, { from: -met.from, count: width, stride: 1 }),
    ]
  })
  const cut = (name: string, of: readonly number[], places: Span): string =>
    context.once(`rows ${name} ${JSON.stringify(places)}`, () =>
      span(builder, name, of.with(columns, width), rows, places),
    )
  const taps = Array.from({ length: h }, (_, i) => i).flatMap((i) => {
    const all = { from: 0, count: shape.output[0], stride: 1 }
    const { met, by } = movesGradients ? meeting(shape, i) : { met: metBy(shape, 0, i), by: all }
    return together.map(([image, gradient]) => {
      const [a, b] = [cut(image, ofImages, met), cut(gradient, ofGradients, by)]
      return product(context, [a, channels], [b, filters], x.shape[0]!, by.count * width)
    })
  })
  const sum = total(context, taps, x.shape[0]!, channels * filters)
  const result = builder.reshape(sum, [h, w, channels, filters])
  context.place(node.outputs[0]!, result)
}

/** The rows of images that a row of the filter meets, with stride 1, and the rows of the result at which it does. */
function meeting(shape: Geometry, i: number): { met: Span; by: Span } {
  const { from, count } = metBy(shape, 0, i)
  const [first, end] = [Math.max(0, from), Math.min(shape.input[0], from + count)]
  const both = { count: Math.max(0, end - first), stride: 1 }
  return { met: { from: first, ...both }, by: { from: first - from, ...both } }
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
    const flat = ([name, channels]: Operand): string => builder.reshape(name, [batch, channels, places])
    // One row times many takes a quarter of the time of many times one, and the results lie the same.
    const [left, right] = b[1] === 1 ? [b, a] : [a, b]
    return builder.op('MatMul', [flat(left), builder.op('Transpose', [flat(right)], { perm: [0, 2, 1] })])
  },
  total({ builder }, taps, batch, size) {
    const sums = taps.map((tap) => {
      const images = builder.reshape(tap, [batch, size])
      return sumOfRows(builder, images, batch, size)
    })
    return builder.op('Concat', sums, { axis: 0 })
  },
}

/** One product, with the places of all images as its terms. */
const atOnce: Way = {
  order: identity(4),
  rows: 1,
  columns: 2,
  product({ builder }, a, b, batch, places) {
    const flat = ([name, channels]: Operand): string => builder.reshape(name, [batch * places, channels])
    return gemm(builder, [flat(a), flat(b)], { transA: 1 }, batch * places, a[1] * b[1])
  },
  total: ({ builder }, taps) => builder.op('Concat', taps, { axis: 0 }),
}
