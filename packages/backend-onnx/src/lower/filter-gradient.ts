import { convGeometry, type Geometry, type Node } from '@sgm/tensor/compile'
import type { Context, Rule } from './context'
import { CHANNELS_FIRST, FILTERS_FIRST } from './geometry'
import { gemm } from './linear'
import { isSmall, smallConvFilter } from './small-conv'
import { sumOfRows } from './sums'
import { window, windows } from './windows'

/** From this many output places on, images are multiplied one by one as they lie, channels first. */
const BY_IMAGE_FROM = 256

/** Fewer rows than this in a filter's matrix are multiplied all at once. */
const FEW_ROWS = 64

/**
 * The filter's gradient: for each tap, dy times the windows of x that the tap meets. Which of the ways below is fastest was
 * measured; one Conv with the roles of batch and channels exchanged takes three to six times as long.
 */
export const conv2dFilter: Rule<'Conv2DBackpropFilter'> = (context, node) => {
  const { builder } = context
  const { filterShape } = node.attributes
  const shape = convGeometry(node.attributes, node.inputs.x.shape, filterShape)
  const [h, w, channels, filters] = filterShape
  if (isSmall(shape)) return smallConvFilter(context, node, shape)
  const large = shape.output[0] * shape.output[1] >= BY_IMAGE_FROM
  const way = !large ? filterByRows : h * w * channels <= FEW_ROWS ? filterByColumns : filterByImages
  const gradient = way(context, node, shape, filters, channels)
  context.emit(node, 'Reshape', [gradient, builder.ints([filters, channels, h, w])], {}, FILTERS_FIRST)
}

type FilterGradient = (
  context: Context,
  node: Node<'Conv2DBackpropFilter'>,
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
  const gradient = builder.op('Reshape', [context.as(dy), builder.ints([-1, filters])])
  const taps = windows(context, context.as(x), shape, [1, 2]).map((met) => {
    const rows = builder.op('Reshape', [met, builder.ints([-1, channels])])
    const terms = x.shape[0]! * shape.output[0] * shape.output[1]
    return gemm(builder, [gradient, rows], { transA: 1 }, terms, filters * channels)
  })
  return besideEachOther(context, taps)
}

/** `[B, O, P]` · `[B, I, P]`ᵀ, summed over the images → `[1, O · I]`. */
function overImages(
  { builder }: Context,
  batch: number,
  size: number,
  gradient: string,
  window: string,
): string {
  const turned = builder.op('Transpose', [window], { perm: [0, 2, 1] })
  const products = builder.op('MatMul', [gradient, turned])
  return sumOfRows(builder, builder.op('Reshape', [products, builder.ints([batch, size])]), batch, size)
}

/** Large images of few channels: the windows of all taps stand below each other. */
const filterByColumns: FilterGradient = (context, { inputs: { x, dy } }, shape, filters, channels) => {
  const { builder } = context
  const [batch, places] = [x.shape[0]!, shape.output[0] * shape.output[1]]
  const flat = (image: string, count: number): string =>
    builder.op('Reshape', [image, builder.ints([batch, count, places])])
  const found = windows(context, context.as(x, CHANNELS_FIRST), shape, [2, 3])
  const columns = flat(builder.op('Concat', found, { axis: 1 }), found.length * channels)
  const gradient = flat(context.as(dy, CHANNELS_FIRST), filters)
  const size = filters * found.length * channels
  const product = overImages(context, batch, size, gradient, columns)
  const perTap = builder.op('Reshape', [product, builder.ints([filters, found.length, channels])])
  return channels === 1 ? perTap : builder.op('Transpose', [perTap], { perm: [0, 2, 1] })
}

/**
 * Large images: one product an image and tap. Taps whose rows are whole strides apart share their windows, and dy is moved by
 * rows of zeros instead: a third of the copies.
 */
const filterByImages: FilterGradient = (context, { inputs: { x, dy } }, shape, filters, channels) => {
  const { builder } = context
  const batch = x.shape[0]!
  const [height, width] = shape.output
  const image = context.as(x, CHANNELS_FIRST)
  const gradient = context.as(dy, CHANNELS_FIRST)
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
      for (const row of moved)
        taps[row.i * shape.kernel[1] + j] = overImages(context, batch, filters * channels, row.flat, flat)
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
