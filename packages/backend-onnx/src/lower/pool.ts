import { type Node, poolGeometry, sizeOf } from '@sgm/tensor/compile'
import { permute } from '../layout'
import type { Context, Rule } from './context'
import { transposedAttributes } from './conv'
import { CHANNELS_FIRST } from './geometry'
import { addUp, BLOCK } from './sums'

type Pool = Node<'AvgPool' | 'MaxPool' | 'MaxPoolGrad'>

type PoolAttributes = Readonly<Record<'strides' | 'kernel_shape' | 'pads', readonly number[]>>

const poolAttributes = ({ attributes }: Pool, input: readonly number[]): PoolAttributes => {
  const { strides, kernel, pads } = poolGeometry(attributes, input)
  return { strides, kernel_shape: kernel, pads }
}

/** Means over windows; over large ones, of columns first and then of those. */
function means({ builder }: Context, image: string, attributes: PoolAttributes, isLarge: boolean): string {
  if (!isLarge) return builder.op('AveragePool', [image], attributes)
  const along = (i: 0 | 1): PoolAttributes => {
    const only = (pair: readonly number[], rest: number) => pair.map((n, k) => (k % 2 === i ? n : rest))
    const { strides, kernel_shape, pads } = attributes
    return { strides: only(strides, 1), kernel_shape: only(kernel_shape, 1), pads: only(pads, 0) }
  }
  return builder.op('AveragePool', [builder.op('AveragePool', [image], along(0))], along(1))
}

/** Means over windows that lie beside each other and are large are sums like others. */
const avgPool: Rule<'AvgPool'> = (context, node) => {
  const { x } = node.inputs
  const [batch, , , channels] = x.shape as [number, number, number, number]
  const { strides, kernel, pads, input, output } = poolGeometry(node.attributes, x.shape)
  const isTiled = [0, 1].every(
    (i) => kernel[i]! * output[i]! === input[i]! && (output[i] === 1 || strides[i] === kernel[i]),
  )
  const isLarge = kernel[0] * kernel[1] > BLOCK
  const image = context.as(x, CHANNELS_FIRST)
  if (isLarge && isTiled && pads.every((n) => n === 0)) {
    const { builder } = context
    const shape = [batch, channels, output[0], kernel[0], output[1], kernel[1]]
    const windows = builder.reshape(image, shape)
    context.place(node.outputs[0]!, addUp(builder, 'ReduceMean', windows, shape, [3, 5], 0), CHANNELS_FIRST)
    return
  }
  const attributes = poolAttributes(node, x.shape)
  context.place(node.outputs[0]!, means(context, image, attributes, isLarge), CHANNELS_FIRST)
}

const LOWEST = -3.4028234663852886e38

/** ONNX Runtime passes over NaN, which stays one in a mean of magnitudes, and begins with its lowest number where all are −∞. */
const maxPool: Rule<'MaxPool'> = (context, node) => {
  const { builder } = context
  const { x } = node.inputs
  const image = context.as(x, CHANNELS_FIRST)
  const attributes = poolAttributes(node, x.shape)
  const largest = builder.op('MaxPool', [image], attributes)
  const isLowest = builder.op('LessOrEqual', [largest, builder.float(LOWEST)])
  const exact = builder.op('Where', [isLowest, builder.float(Number.NEGATIVE_INFINITY), largest])
  const mean = builder.op('AveragePool', [builder.op('Abs', [image])], attributes)
  context.emit(
    node,
    'Where',
    [builder.op('IsNaN', [mean]), builder.float(Number.NaN), exact],
    {},
    CHANNELS_FIRST,
  )
}

/** Each place of the gradient is spread evenly over the entries its window held. */
const avgPoolGrad: Rule<'AvgPoolGrad'> = (context, node) => {
  const { builder } = context
  const { dy, input } = node.inputs
  const shape = poolGeometry(node.attributes, input.shape)
  const channels = input.shape[3]!
  const counts = windowCounts(
    shape.input[0],
    shape.output[0],
    shape.kernel[0],
    shape.strides[0],
    shape.pads[0],
  ).flatMap((rows) =>
    windowCounts(shape.input[1], shape.output[1], shape.kernel[1], shape.strides[1], shape.pads[1]).map(
      (columns) => 1 / (rows * columns),
    ),
  )
  const share = builder.constant(Float32Array.from(counts), [1, 1, ...shape.output], 'float32')
  const ones = Float32Array.from({ length: channels * shape.kernel[0] * shape.kernel[1] }, () => 1)
  const filter = builder.constant(ones, [channels, 1, ...shape.kernel], 'float32')
  const scaled = builder.op('Mul', [context.as(dy, CHANNELS_FIRST), share])
  const attributes = { ...transposedAttributes(shape), group: channels }
  context.emit(node, 'ConvTranspose', [scaled, filter], attributes, CHANNELS_FIRST)
}

/** How many entries, padding left out, the window at each output place covers along one axis. */
function windowCounts(
  input: number,
  output: number,
  window: number,
  stride: number,
  before: number,
): number[] {
  return Array.from({ length: output }, (_, i) => {
    const start = i * stride - before
    return Math.min(start + window, input) - Math.max(start, 0)
  })
}

/** The gradient goes to the entry that each window's maximum came from. */
const maxPoolGrad: Rule<'MaxPoolGrad'> = (context, node) => {
  const { builder } = context
  const { dy, input } = node.inputs
  const attributes = poolAttributes(node, input.shape)
  const [, places] = builder.ops('MaxPool', [context.as(input, CHANNELS_FIRST)], 2, attributes)
  const flat = builder.ints([-1])
  const zeros = builder.repeated(0, [sizeOf(input.shape)])
  const updates = builder.op('Reshape', [context.as(dy, CHANNELS_FIRST), flat])
  const indices = builder.op('Reshape', [places!, flat])
  const scattered = builder.op('ScatterElements', [zeros, indices, updates], { axis: 0, reduction: 'add' })
  const shape = builder.ints(permute(input.shape, CHANNELS_FIRST))
  context.emit(node, 'Reshape', [scattered, shape], {}, CHANNELS_FIRST)
}

/** Pooling. */
export const pools = {
  AvgPool: avgPool,
  AvgPoolGrad: avgPoolGrad,
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGrad,
}
