import { type Geometry, type Node, sizeOf, type Value } from '@sgm/tensor/compile'
import type { Context } from './context'
import { gemm } from './linear'

/** Convolutions to at most so many places are products over all images at once: one image alone fills no registers. */
const FEW_PLACES = 9
const FEW_SOURCES = 64

const count = ([height, width]: readonly [number, number]): number => height * width

/** Whether a convolution's images are so small that it is better written as matrix products. */
export function isSmall({ input, output }: Geometry): boolean {
  return count(output) <= FEW_PLACES && count(input) <= FEW_SOURCES
}

/** A convolution of small images: the rows of {@link patches} times the filters. */
export function smallConv(context: Context, node: Node<'Conv2D'>, shape: Geometry): void {
  const { builder } = context
  const { x, filter } = node.inputs
  const product = builder.op('MatMul', [patches(context, x, shape), matrix(context, filter)])
  context.emit(node, 'Reshape', [product, builder.ints([x.shape[0]!, ...shape.output, filter.shape[3]!])])
}

/** The adjoint: what each tap adds, at all places, and then the sum of what meets at each place of the image. */
export function smallConvInput(context: Context, node: Node<'Conv2DBackpropInput'>, shape: Geometry): void {
  const { builder } = context
  const { dy, filter } = node.inputs
  const [batch, channels, filters] = [dy.shape[0]!, filter.shape[2]!, filter.shape[3]!]
  const [places, taps] = [count(shape.output), count(shape.kernel)]
  const rows = builder.reshape(context.as(dy), [-1, filters])
  const product = builder.op('Gemm', [rows, matrix(context, filter)], { transB: 1 })
  const parts = builder.reshape(product, [batch, places * taps, channels])
  const sources: number[][] = Array.from({ length: count(shape.input) }, () => [])
  meetings(shape).forEach((source, part) => {
    if (source !== undefined) sources[source]!.push(part)
  })
  const most = Math.max(1, ...sources.map(({ length }) => length))
  const met = picked(
    context,
    parts,
    sources.flatMap((list) => Array.from({ length: most }, (_, i) => list[i])),
    places * taps,
  )
  const image = builder.reshape(met, [batch, count(shape.input), most, channels])
  const sum = builder.op('ReduceSum', [image, builder.ints([2])], { keepdims: 0 })
  context.emit(node, 'Reshape', [sum, builder.ints([batch, ...shape.input, channels])])
}

/** The filter's gradient: the rows of {@link patches}, transposed, times dy: `[taps · I, O]`. */
export function smallConvFilter(context: Context, node: Node<'Conv2DBackpropFilter'>, shape: Geometry): void {
  const { builder } = context
  const { x, dy } = node.inputs
  const { filterShape } = node.attributes
  const rows = builder.reshape(context.as(dy), [-1, filterShape[3]])
  const terms = x.shape[0]! * count(shape.output)
  const factors = [patches(context, x, shape), rows] as const
  const product = gemm(builder, factors, { transA: 1 }, terms, sizeOf(filterShape))
  context.emit(node, 'Reshape', [product, builder.ints(filterShape)])
}

/** What the taps meet, a row for each image and place: x `[B, H, W, I]` → `[B · P, taps · I]`. */
function patches(context: Context, x: Value, shape: Geometry): string {
  const { builder } = context
  const [batch, , , channels] = x.shape as [number, number, number, number]
  return context.once(`patches ${x.id} ${JSON.stringify(shape)}`, () => {
    const flat = builder.reshape(context.as(x), [batch, count(shape.input), channels])
    const met = picked(context, flat, meetings(shape), count(shape.input))
    return builder.reshape(met, [-1, count(shape.kernel) * channels])
  })
}

/** The given ones of so many rows of `[B, rows, C]`, zeros where there is none to be had. */
function picked(
  { builder }: Context,
  x: string,
  rows: readonly (number | undefined)[],
  length: number,
): string {
  const isWhole = rows.every((row) => row !== undefined)
  const source = isWhole ? x : builder.op('Pad', [x, builder.ints([0, 0, 0, 0, 1, 0])])
  return builder.op('Gather', [source, builder.ints(rows.map((row) => row ?? length))], { axis: 1 })
}

/** The filter `[h, w, I, O]` as the matrix `[taps · I, O]`. */
function matrix(context: Context, filter: Value): string {
  const [h, w, channels, filters] = filter.shape as [number, number, number, number]
  return context.builder.op('Reshape', [
    context.as(filter),
    context.builder.ints([h * w * channels, filters]),
  ])
}

/** The input place that a tap meets at an output place, if it does: of all taps at the first place, at the second, and so on. */
function meetings({ kernel, dilations, strides, pads, input, output }: Geometry): (number | undefined)[] {
  const result: (number | undefined)[] = []
  for (let y = 0; y < output[0]; y++) {
    for (let x = 0; x < output[1]; x++) {
      for (let i = 0; i < kernel[0]; i++) {
        for (let j = 0; j < kernel[1]; j++) {
          const row = y * strides[0] + i * dilations[0] - pads[0]
          const column = x * strides[1] + j * dilations[1] - pads[1]
          const isInside = row >= 0 && row < input[0] && column >= 0 && column < input[1]
          result.push(isInside ? row * input[1] + column : undefined)
        }
      }
    }
  }
  return result
}
