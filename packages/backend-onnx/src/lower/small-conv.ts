import type { Geometry, Node, Value } from '@sgm/tensor/compile'
import type { Context } from './context'
import { FILTERS_FIRST } from './geometry'

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
  const filters = filter.shape[3]!
  const product = builder.op('Gemm', [patches(context, x, shape), matrix(context, filter)], { transB: 1 })
  context.emit(node, 'Reshape', [product, builder.ints([x.shape[0]!, ...shape.output, filters])])
}

/** The adjoint: what each tap adds, at all places, and then where to. */
export function smallConvInput(context: Context, node: Node<'Conv2DBackpropInput'>, shape: Geometry): void {
  const { builder } = context
  const { dy, filter } = node.inputs
  const [batch, channels, filters] = [dy.shape[0]!, filter.shape[2]!, filter.shape[3]!]
  const [places, taps] = [count(shape.output), count(shape.kernel)]
  const rows = builder.op('Reshape', [context.as(dy), builder.ints([-1, filters])])
  const product = builder.op('Gemm', [rows, matrix(context, filter)])
  const split = builder.op('Reshape', [product, builder.ints([batch, places * channels, taps])])
  const turned = builder.op('Transpose', [split], { perm: [0, 2, 1] })
  const parts = builder.op('Reshape', [turned, builder.ints([batch, taps * places, channels])])
  const data = transposed(meetings(shape), taps * places, count(shape.input))
  const where = builder.constant(data, [count(shape.input), taps * places], 'float32')
  const image = builder.op('MatMul', [where, parts])
  context.emit(node, 'Reshape', [image, builder.ints([batch, ...shape.input, channels])])
}

/** The filter's gradient: dyᵀ times the rows of {@link patches}, `[O, I · taps]`. */
export function smallConvFilter(
  context: Context,
  node: Node<'Conv2DBackpropFilter'>,
  shape: Geometry,
  filters: number,
): string {
  const rows = context.builder.op('Reshape', [
    context.as(node.inputs.dy),
    context.builder.ints([-1, filters]),
  ])
  return context.builder.op('Gemm', [rows, patches(context, node.inputs.x, shape)], { transA: 1 })
}

/** What the taps meet, a row for each image and place: x `[B, H, W, I]` → `[B · P, I · taps]`. */
function patches(context: Context, x: Value, shape: Geometry): string {
  const { builder } = context
  const [batch, , , channels] = x.shape as [number, number, number, number]
  const [places, taps] = [count(shape.output), count(shape.kernel)]
  return context.once(`patches ${x.id} ${JSON.stringify(shape)}`, () => {
    const where = builder.constant(meetings(shape), [taps * places, count(shape.input)], 'float32')
    const flat = builder.op('Reshape', [context.as(x), builder.ints([batch, count(shape.input), channels])])
    const met = builder.op('Reshape', [
      builder.op('MatMul', [where, flat]),
      builder.ints([batch, taps, places * channels]),
    ])
    const turned = builder.op('Transpose', [met], { perm: [0, 2, 1] })
    return builder.op('Reshape', [turned, builder.ints([-1, channels * taps])])
  })
}

/** The filter `[h, w, I, O]` as the matrix `[O, I · taps]`. */
function matrix(context: Context, filter: Value): string {
  const [h, w, channels, filters] = filter.shape as [number, number, number, number]
  return context.builder.op('Reshape', [
    context.as(filter, FILTERS_FIRST),
    context.builder.ints([filters, channels * h * w]),
  ])
}

/** 1 where a tap at an output place meets an input place: `[taps · places, input places]`. */
function meetings({ kernel, dilations, strides, pads, input, output }: Geometry): Float32Array {
  const sources = count(input)
  const result = new Float32Array(count(kernel) * count(output) * sources)
  let row = 0
  for (let i = 0; i < kernel[0]; i++) {
    for (let j = 0; j < kernel[1]; j++) {
      for (let y = 0; y < output[0]; y++) {
        for (let x = 0; x < output[1]; x++, row++) {
          const at = [
            y * strides[0] + i * dilations[0] - pads[0],
            x * strides[1] + j * dilations[1] - pads[1],
          ]
          const inside = at.every((place, axis) => place >= 0 && place < input[axis]!)
          if (inside) result[row * sources + at[0]! * input[1] + at[1]!] = 1
        }
      }
    }
  }
  return result
}

function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  return data.map((_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!)
}
