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
 * Large images: one product an image and tap. Taps whose rows are whole strides apart share the windows of the rows that all of them
 * meet, a third of the copies; of the rows at the edges each tap has a window of its own, for it must not meet the others'.
 */
const filterByImages: FilterGradient = (context, { inputs: { x, dy } }, shape, filters, channels) => {
  const { builder } = context
  const batch = x.shape[0]!
  const [height, width] = shape.output
  const image = context.as(x, CHANNELS_FIRST)
  const gradient = context.as(dy, CHANNELS_FIRST)
  const product = (count: number, rows: string, met: string): string => {
    const flat = (one: string, depth: number): string =>
      builder.op('Reshape', [one, builder.ints([batch, depth, count * width])])
    return overImages(context, batch, filters * channels, flat(rows, filters), flat(met, channels))
  }
  const taps: string[] = []
  for (const { start, extra, members } of sharedRows(shape)) {
    const parts = members.map(({ i, down }) => ({
      at: i * shape.kernel[1],
      down,
      inner: extra > 0 ? slicedRows(context, gradient, extra - down, height - extra) : gradient,
      outer: extra > 0 ? outerRows(context, gradient, height, extra, down) : undefined,
    }))
    for (let j = 0; j < shape.kernel[1]; j++) {
      const met = (row: number, count: number): string => {
        const from = [start + row * shape.strides[0], j * shape.dilations[1]] as const
        return window(context, image, [2, 3], shape, from, [count, width])
      }
      const shared = met(extra, height - extra)
      const edges = extra > 0 ? builder.op('Concat', [met(0, extra), met(height, extra)], { axis: 2 }) : ''
      for (const { at, down, inner, outer } of parts) {
        const sum = product(height - extra, inner, shared)
        const own = outer && product(extra, outer, slicedRows(context, edges, down, extra))
        taps[at + j] = own ? builder.op('Add', [sum, own]) : sum
      }
    }
  }
  return besideEachOther(context, taps)
}

/** So many rows of images `[B, C, H, W]` from one on. */
function slicedRows({ builder }: Context, images: string, from: number, count: number): string {
  return builder.op('Slice', [images, builder.ints([from]), builder.ints([from + count]), builder.ints([2])])
}

/** The `extra` rows of dy where a tap meets rows that not all taps of its group meet. */
function outerRows(
  { builder }: Context,
  gradient: string,
  height: number,
  extra: number,
  down: number,
): string {
  const rows = Array.from({ length: extra }, (_, k) => (k < extra - down ? k : height - extra + k))
  return builder.op('Gather', [gradient, builder.ints(rows)], { axis: 2 })
}

/** Rows of the filter that share windows from the image row `start` on, each `down` whole strides further, `extra` at most. */
interface Group {
  readonly start: number
  readonly extra: number
  readonly members: readonly { readonly i: number; readonly down: number }[]
}

/** The filter's rows by the image row modulo the stride at which they start, or each alone where no row of the image is met by all. */
function sharedRows({ kernel, dilations, strides, output }: Geometry): Group[] {
  const rows = Array.from({ length: kernel[0] }, (_, i) => ({ i, row: i * dilations[0] }))
  const starts = new Set(rows.map(({ row }) => row % strides[0]))
  return [...starts].flatMap((start): Group[] => {
    const group = rows.filter(({ row }) => row % strides[0] === start)
    const members = group.map(({ i, row }) => ({ i, down: Math.floor(row / strides[0]) }))
    const extra = Math.max(...members.map(({ down }) => down))
    if (extra < output[0]) return [{ start, extra, members }]
    return group.map(({ i, row }) => ({ start: row, extra: 0, members: [{ i, down: 0 }] }))
  })
}
