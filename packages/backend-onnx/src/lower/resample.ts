import { type Node, poolGeometry, sizeOf } from '@sgm/tensor/compile'
import { permute } from '../layout'
import type { Rule } from './context'
import { transposedAttributes } from './conv'
import { CHANNELS_FIRST } from './geometry'

type Pool = Node<'AvgPool' | 'MaxPool' | 'MaxPoolGrad'>

const poolAttributes = ({ attributes }: Pool, input: readonly number[]) => {
  const { strides, kernel, pads } = poolGeometry(attributes, input)
  return { strides, kernel_shape: kernel, pads }
}

const pool =
  (opType: string): Rule<'AvgPool' | 'MaxPool'> =>
  (context, node) => {
    const { x } = node.inputs
    context.emit(node, opType, [context.as(x, CHANNELS_FIRST)], poolAttributes(node, x.shape), CHANNELS_FIRST)
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
  const zeros = builder.op('Expand', [builder.float(0), builder.ints([sizeOf(input.shape)])])
  const updates = builder.op('Reshape', [context.as(dy, CHANNELS_FIRST), flat])
  const indices = builder.op('Reshape', [places!, flat])
  const scattered = builder.op('ScatterElements', [zeros, indices, updates], { axis: 0, reduction: 'add' })
  const shape = builder.ints(permute(input.shape, CHANNELS_FIRST))
  context.emit(node, 'Reshape', [scattered, shape], {}, CHANNELS_FIRST)
}

interface ResizeAttributes {
  readonly alignCorners: boolean
  readonly halfPixelCenters?: boolean
}

type Weights = (place: number, inputSize: number) => (readonly [index: number, weight: number])[]

/** Resizing is linear along each axis: the matrix `[output, input]` of one axis, row-major. */
function resizeMatrix(
  input: number,
  output: number,
  weights: Weights,
  attributes: ResizeAttributes,
): Float32Array {
  const corners = attributes.alignCorners && output > 1
  const scale = corners ? (input - 1) / (output - 1) : input / output
  const matrix = new Float32Array(output * input)
  for (let i = 0; i < output; i++) {
    const place = attributes.halfPixelCenters ? scale * (i + 0.5) - 0.5 : scale * i
    for (const [index, weight] of weights(place, input)) matrix[i * input + index]! += weight
  }
  return matrix
}

const clampIndex = (index: number, length: number): number => Math.min(Math.max(index, 0), length - 1)

const bilinear: Weights = (place, length) => {
  const low = Math.floor(place)
  const fraction = place - low
  return [
    [clampIndex(low, length), 1 - fraction],
    [clampIndex(low + 1, length), fraction],
  ]
}

const nearest =
  ({ alignCorners, halfPixelCenters }: ResizeAttributes): Weights =>
  (place, length) => {
    const rounded = alignCorners ? Math.round(place) : Math.floor(halfPixelCenters ? place + 0.5 : place)
    return [[clampIndex(rounded, length), 1]]
  }

type Resize = 'ResizeBilinear' | 'ResizeNearestNeighbor'
type ResizeGrad = 'ResizeBilinearGrad' | 'ResizeNearestNeighborGrad'

/** Resizes images, or (transposed) takes a gradient back: matrices from both sides of each channel. */
const resize =
  (weightsOf: (attributes: ResizeAttributes) => Weights): Rule<Resize | ResizeGrad> =>
  (context, node) => {
    const { builder } = context
    const { attributes, inputs } = node
    const gradient = 'dy' in inputs
    const source = gradient ? inputs.dy : inputs.images
    const weights = weightsOf(attributes)
    const matrix = (axis: 1 | 2, left: boolean): string => {
      const small = gradient ? node.outputs[0]!.shape[axis]! : source.shape[axis]!
      const large = gradient ? source.shape[axis]! : node.outputs[0]!.shape[axis]!
      const data = resizeMatrix(small, large, weights, attributes)
      const upright = left !== gradient
      return upright
        ? builder.constant(data, [large, small], 'float32')
        : builder.constant(transposed(data, large, small), [small, large], 'float32')
    }
    const rows = builder.op('MatMul', [context.as(source, CHANNELS_FIRST), matrix(2, false)])
    context.emit(node, 'MatMul', [matrix(1, true), rows], {}, CHANNELS_FIRST)
  }

function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(data, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]!)
}

/** Pooling and resizing. */
export const resample = {
  AvgPool: pool('AveragePool'),
  AvgPoolGrad: avgPoolGrad,
  MaxPool: pool('MaxPool'),
  MaxPoolGrad: maxPoolGrad,
  ResizeBilinear: resize(() => bilinear),
  ResizeBilinearGrad: resize(() => bilinear),
  ResizeNearestNeighbor: resize(nearest),
  ResizeNearestNeighborGrad: resize(nearest),
}
