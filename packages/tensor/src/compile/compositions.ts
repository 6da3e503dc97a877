import * as tf from '@tensorflow/tfjs'
import { conv3d, conv3dBackpropFilter, conv3dBackpropInput } from './conv3d'
import { einsum } from './einsum'

// biome-ignore lint/suspicious/noExplicitAny: each kernel has attributes of its own
type Attributes = Readonly<Record<string, any>>
type Inputs = Readonly<Record<string, tf.Tensor>>

/** A kernel as other kernels make it; undefined where it is recorded as it is. */
export type Composition = (inputs: Inputs, attributes: Attributes) => tf.Tensor | undefined

/** What a fused kernel does after its product: bias, then activation. */
const finished = (product: tf.Tensor, { bias, preluActivationWeights }: Inputs, a: Attributes): tf.Tensor => {
  const y = bias ? tf.add(product, bias) : product
  switch (a.activation ?? 'linear') {
    case 'linear':
      return y
    case 'relu':
      return tf.relu(y)
    case 'relu6':
      return tf.relu6(y)
    case 'elu':
      return tf.elu(y)
    case 'sigmoid':
      return tf.sigmoid(y)
    case 'leakyrelu':
      return tf.leakyRelu(y, a.leakyreluAlpha)
    case 'prelu':
      return tf.prelu(y, preluActivationWeights!)
    default:
      throw new Error(`compile: expected an activation of tfjs's fused kernels, got ${a.activation}`)
  }
}

const fusedConv =
  (kernel: string): Composition =>
  (inputs, attributes) => {
    const { x, filter } = inputs as { x: tf.Tensor; filter: tf.Tensor }
    return finished(tf.engine().runKernel(kernel, { x, filter }, attributes) as tf.Tensor, inputs, attributes)
  }

/** Running products by doubling: after step i each entry is the product of the last 2ⁱ. */
const cumprod: Composition = ({ x }, { axis, exclusive, reverse }) => {
  const length = x!.shape[axis]!
  const along = (before: number, after: number): [number, number][] =>
    x!.shape.map((_, i) => (i === axis ? [before, after] : [0, 0]))
  /** Moves everything `by` places on, ones coming after. */
  const moved = (y: tf.Tensor, by: number): tf.Tensor => {
    const rest = y.shape.map((size, i) => (i === axis ? length - by : size))
    const start = y.shape.map((_, i) => (i === axis && reverse ? by : 0))
    return tf.pad(tf.slice(y, start, rest), reverse ? along(0, by) : along(by, 0), 1)
  }
  let y = exclusive && length > 0 ? moved(x!, 1) : x!
  for (let by = 1; by < length; by *= 2) y = tf.mul(y, moved(y, by))
  return y === x ? tf.clone(y) : y
}

/** `gather` in which each index of the first `batchDims` axes has rows of its own: one gather from all rows, the indices shifted. */
const batchedGather = (x: tf.Tensor, indices: tf.Tensor, axis: number, batchDims: number): tf.Tensor => {
  const batch = x.shape.slice(0, batchDims)
  const rows = batch.reduce((a, b) => a * b, 1)
  const others = x.shape.map((_, i) => i).filter((i) => i >= batchDims && i !== axis)
  const front = [...batch.keys(), axis, ...others]
  const length = x.shape[axis]!
  const flat = tf.reshape(tf.transpose(x, front), [rows * length, ...others.map((i) => x.shape[i]!)])
  const shifts = tf.tensor(
    Int32Array.from({ length: rows }, (_, i) => i * length),
    [rows, 1],
    'int32',
  )
  const shifted = tf.add(tf.reshape(tf.cast(indices, 'int32'), [rows, -1]), shifts)
  const picked = indices.shape.slice(batchDims)
  const taken = tf.reshape(tf.gather(flat, tf.reshape(shifted, [-1])), [
    ...batch,
    ...picked,
    ...others.map((i) => x.shape[i]!),
  ])
  // Axes are now batch, picked, others; picked belong where the axis was.
  const before = others.filter((i) => i < axis).length
  const place = (i: number): number => batchDims + picked.length + i
  const order = [
    ...batch.keys(),
    ...others.slice(0, before).map((_, i) => place(i)),
    ...picked.map((_, i) => batchDims + i),
    ...others.slice(before).map((_, i) => place(before + i)),
  ]
  return tf.transpose(taken, order)
}

/** Positions in row-major order of indices into the leading axes. */
const flatIndices = (indices: tf.Tensor, shape: readonly number[]): tf.Tensor => {
  const depth = indices.shape.at(-1)!
  const strides = Int32Array.from({ length: depth }, (_, i) =>
    shape.slice(i + 1, depth).reduce((a, b) => a * b, 1),
  )
  return tf.sum(tf.mul(tf.cast(indices, 'int32'), tf.tensor(strides, [depth], 'int32')), -1)
}

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

const gatherNd: Composition = ({ params, indices }) => {
  const depth = indices!.shape.at(-1)!
  const rest = params!.shape.slice(depth)
  const flat = tf.reshape(params!, [size(params!.shape.slice(0, depth)), ...rest])
  return tf.gather(flat, flatIndices(indices!, params!.shape))
}

const scatterNd: Composition = ({ indices, updates }, { shape }) => {
  const depth = indices!.shape.at(-1)!
  const rest = shape.slice(depth)
  const ids = tf.reshape(flatIndices(indices!, shape), [-1])
  const rows = tf.reshape(updates!, [ids.size, ...rest])
  return tf.reshape(tf.unsortedSegmentSum(rows, ids as tf.Tensor1D, size(shape.slice(0, depth))), shape)
}

const depthToSpace: Composition = ({ x }, { blockSize: n, dataFormat }) => {
  if (dataFormat !== undefined && dataFormat !== 'NHWC') {
    throw new Error(`compile: expected DepthToSpace in NHWC, got ${dataFormat}`)
  }
  const [batch, height, width, depth] = x!.shape as [number, number, number, number]
  const split = tf.reshape(x!, [batch, height, width, n, n, depth / n ** 2])
  return tf.reshape(tf.transpose(split, [0, 1, 3, 2, 4, 5]), [batch, height * n, width * n, depth / n ** 2])
}

const blocks = tf.backend_util

const spaceToBatch: Composition = ({ x }, { blockShape, paddings }) => {
  const whole = x!.shape.map((_, i): [number, number] => paddings[i - 1] ?? [0, 0])
  const padded = tf.pad(x!, whole)
  const count = size(blockShape)
  const split = tf.reshape(padded, blocks.getReshaped(padded.shape, blockShape, count, false))
  const moved = tf.transpose(split, blocks.getPermuted(split.rank, blockShape.length, false))
  return tf.reshape(moved, blocks.getReshapedPermuted(padded.shape, blockShape, count, false))
}

const batchToSpace: Composition = ({ x }, { blockShape, crops }) => {
  const count = size(blockShape)
  const split = tf.reshape(x!, blocks.getReshaped(x!.shape, blockShape, count))
  const moved = tf.transpose(split, blocks.getPermuted(split.rank, blockShape.length))
  const whole = tf.reshape(moved, blocks.getReshapedPermuted(x!.shape, blockShape, count))
  const start = blocks.getSliceBeginCoords(crops, blockShape.length)
  return tf.slice(whole, start, blocks.getSliceSize(whole.shape, crops, blockShape.length))
}

/** Kernels that are recorded as others, always or with some attributes, by tfjs's kernel names. */
export const compositions: Readonly<Record<string, Composition>> = {
  _FusedMatMul: (inputs, attributes) => {
    const { a, b } = inputs as { a: tf.Tensor; b: tf.Tensor }
    const product = tf.matMul(a, b, attributes.transposeA, attributes.transposeB)
    return finished(product, inputs, attributes)
  },
  BatchToSpaceND: batchToSpace,
  Conv3D: conv3d,
  Conv3DBackpropFilterV2: conv3dBackpropFilter,
  Conv3DBackpropInputV2: conv3dBackpropInput,
  Cumprod: cumprod,
  DepthToSpace: depthToSpace,
  Einsum: (inputs, { equation }) => einsum(equation, Object.values(inputs)),
  FlipLeftRight: ({ image }) => tf.reverse(image!, 2),
  FusedConv2D: fusedConv('Conv2D'),
  FusedDepthwiseConv2D: fusedConv('DepthwiseConv2dNative'),
  GatherNd: gatherNd,
  GatherV2: ({ x, indices }, { axis, batchDims }) =>
    batchDims ? batchedGather(x!, indices!, axis, batchDims) : undefined,
  ScatterNd: scatterNd,
  SpaceToBatchND: spaceToBatch,
}
