import * as tf from '@tensorflow/tfjs'
import { broadcastShapes } from '../ops/broadcast'
import type { GraphDType, Value } from './graph'

/** Shape and element type of a kernel's output. */
export interface Inferred {
  readonly shape: readonly number[]
  readonly dtype: GraphDType
}

// biome-ignore lint/suspicious/noExplicitAny: each kernel has attributes of its own
type Attributes = Readonly<Record<string, any>>
type Inputs = Readonly<Record<string, Value>>
type Rule = (inputs: Inputs, attributes: Attributes) => Inferred | readonly Inferred[]

const like =
  (name: string): Rule =>
  (inputs) => ({ shape: inputs[name]!.shape, dtype: inputs[name]!.dtype })

const binary =
  (dtype?: GraphDType): Rule =>
  ({ a, b }) => ({ shape: broadcastShapes(a!.shape, b!.shape), dtype: dtype ?? a!.dtype })

const predicate: Rule = ({ x }) => ({ shape: x!.shape, dtype: 'bool' })

const reduction =
  (axesName: string, dtype?: GraphDType): Rule =>
  ({ x }, attributes) => {
    const axes = tf.util.parseAxisParam(attributes[axesName] ?? attributes.axis, [...x!.shape])
    const shape = attributes.keepDims
      ? x!.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
      : x!.shape.filter((_, axis) => !axes.includes(axis))
    return { shape, dtype: dtype ?? x!.dtype }
  }

const arg: Rule = ({ x }, { axis }) => ({ shape: x!.shape.filter((_, i) => i !== axis), dtype: 'int32' })

const toShape =
  (attribute: string): Rule =>
  (inputs, attributes) => ({ shape: attributes[attribute], dtype: Object.values(inputs)[0]!.dtype })

const resize: Rule = ({ images }, { size }) => ({
  shape: [images!.shape[0]!, size[0], size[1], images!.shape[3]!],
  dtype: 'float32',
})

const conv =
  (depthwise: boolean): Rule =>
  ({ x, filter }, { strides, dilations, pad, dimRoundingMode, dataFormat }) => ({
    shape: tf.backend_util.computeConv2DInfo(
      x!.shape as [number, number, number, number],
      filter!.shape as [number, number, number, number],
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode,
      depthwise,
      dataFormat === 'NCHW' ? 'channelsFirst' : 'channelsLast',
    ).outShape,
    dtype: 'float32',
  })

const pool: Rule = ({ x }, { filterSize, strides, pad, dimRoundingMode }) => ({
  shape: tf.backend_util.computePool2DInfo(
    x!.shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  ).outShape,
  dtype: 'float32',
})

const matMul: Rule = ({ a, b }, { transposeA, transposeB }) => ({
  shape: [
    ...broadcastShapes(a!.shape.slice(0, -2), b!.shape.slice(0, -2)),
    a!.shape.at(transposeA ? -1 : -2)!,
    b!.shape.at(transposeB ? -2 : -1)!,
  ],
  dtype: a!.dtype,
})

const gather: Rule = ({ x, indices }, { axis, batchDims = 0 }) => ({
  shape: [...x!.shape.slice(0, axis), ...indices!.shape.slice(batchDims), ...x!.shape.slice(axis + 1)],
  dtype: x!.dtype,
})

const slice: Rule = ({ x }, { begin, size }) => {
  const [, sizes] = tf.slice_util.parseSliceParams({ shape: [...x!.shape] } as tf.Tensor, begin, size)
  return { shape: sizes as number[], dtype: x!.dtype }
}

const stridedSlice: Rule = ({ x }, a) => {
  const { finalShape } = tf.slice_util.sliceInfo(
    [...x!.shape],
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  )
  return { shape: finalShape, dtype: x!.dtype }
}

const concat: Rule = (inputs, { axis }) => {
  const parts = Object.values(inputs)
  const at = tf.util.parseAxisParam(axis, [...parts[0]!.shape])[0]!
  const length = parts.reduce((total, part) => total + part.shape[at]!, 0)
  return { shape: parts[0]!.shape.map((size, i) => (i === at ? length : size)), dtype: parts[0]!.dtype }
}

const pack: Rule = (inputs, { axis }) => {
  const parts = Object.values(inputs)
  const shape = [...parts[0]!.shape]
  shape.splice(axis < 0 ? axis + shape.length + 1 : axis, 0, parts.length)
  return { shape, dtype: parts[0]!.dtype }
}

const unpack: Rule = ({ value }, { axis }) => {
  const at = axis < 0 ? axis + value!.shape.length : axis
  const part: Inferred = { shape: value!.shape.filter((_, i) => i !== at), dtype: value!.dtype }
  return Array<Inferred>(value!.shape[at]!).fill(part)
}

const splitV: Rule = ({ x }, { numOrSizeSplits, axis }) => {
  const at = tf.util.parseAxisParam(axis, [...x!.shape])[0]!
  const sizes = tf.backend_util.prepareSplitSize({ shape: x!.shape } as tf.Tensor, numOrSizeSplits, at)
  return sizes.map((size) => ({
    shape: x!.shape.map((n, i) => (i === at ? size : n)),
    dtype: x!.dtype,
  }))
}

/** How each kernel's output follows from its inputs, by tfjs's kernel names. Nothing is computed. */
export const shapeRules: Readonly<Record<string, Rule>> = {
  ...rules(like('x'), [
    'Abs',
    'Acos',
    'Acosh',
    'Asin',
    'Asinh',
    'Atan',
    'Atanh',
    'Ceil',
    'ClipByValue',
    'Cos',
    'Cosh',
    'Cumsum',
    'Elu',
    'Erf',
    'Exp',
    'Expm1',
    'Floor',
    'FusedBatchNorm',
    'Identity',
    'LeakyRelu',
    'Log',
    'Log1p',
    'Neg',
    'OnesLike',
    'Prelu',
    'Reciprocal',
    'Relu',
    'Relu6',
    'Reverse',
    'Round',
    'Rsqrt',
    'Selu',
    'Sigmoid',
    'Sign',
    'Sin',
    'Sinh',
    'Softplus',
    'Sqrt',
    'Square',
    'Step',
    'Tan',
    'Tanh',
    'ZerosLike',
  ]),
  ...rules(binary(), [
    'Add',
    'Atan2',
    'Maximum',
    'Minimum',
    'Mod',
    'Multiply',
    'Pow',
    'RealDiv',
    'SquaredDifference',
    'Sub',
    'FloorDiv',
  ]),
  ...rules(binary('bool'), [
    'Equal',
    'Greater',
    'GreaterEqual',
    'Less',
    'LessEqual',
    'LogicalAnd',
    'LogicalOr',
    'LogicalXor',
    'NotEqual',
  ]),
  ...rules(predicate, ['IsFinite', 'IsInf', 'IsNan', 'LogicalNot']),
  ...rules(reduction('axis'), ['Sum', 'Prod', 'Min']),
  Mean: reduction('axis', 'float32'),
  Max: reduction('reductionIndices'),
  ...rules(reduction('axis', 'bool'), ['All', 'Any']),
  ...rules(arg, ['ArgMax', 'ArgMin']),
  AddN: like('0'),
  AvgPool: pool,
  AvgPoolGrad: like('input'),
  BatchMatMul: matMul,
  BroadcastTo: toShape('shape'),
  Cast: ({ x }, { dtype }) => ({ shape: x!.shape, dtype }),
  Concat: concat,
  Conv2D: conv(false),
  Conv2DBackpropFilter: toShape('filterShape'),
  Conv2DBackpropInput: toShape('inputShape'),
  DepthwiseConv2dNative: conv(true),
  DepthwiseConv2dNativeBackpropFilter: toShape('filterShape'),
  DepthwiseConv2dNativeBackpropInput: toShape('inputShape'),
  EluGrad: like('y'),
  ExpandDims: ({ input }, { dim }) => {
    const shape = [...input!.shape]
    shape.splice(dim < 0 ? dim + shape.length + 1 : dim, 0, 1)
    return { shape, dtype: input!.dtype }
  },
  Fill: (_, { shape, value, dtype }) => ({
    shape,
    dtype: dtype ?? (typeof value === 'boolean' ? 'bool' : 'float32'),
  }),
  GatherV2: gather,
  LinSpace: (_, { num }) => ({ shape: [num], dtype: 'float32' }),
  LogSoftmax: like('logits'),
  MaxPool: pool,
  MaxPoolGrad: like('input'),
  MirrorPad: ({ x }, { paddings }) => padded(x!, paddings),
  OneHot: ({ indices }, { depth, dtype }) => ({ shape: [...indices!.shape, depth], dtype: dtype ?? 'int32' }),
  Pack: pack,
  PadV2: ({ x }, { paddings }) => padded(x!, paddings),
  Range: (_, { start, stop, step, dtype }) => ({
    shape: [Math.max(0, Math.ceil((stop - start) / step))],
    dtype: dtype ?? 'float32',
  }),
  Reshape: ({ x }, { shape }) => ({
    shape: tf.util.inferFromImplicitShape(shape, tf.util.sizeFromShape([...x!.shape])),
    dtype: x!.dtype,
  }),
  ResizeBilinear: resize,
  ResizeBilinearGrad: like('images'),
  ResizeNearestNeighbor: resize,
  ResizeNearestNeighborGrad: like('images'),
  Select: ({ t, e, condition }) => ({
    shape: broadcastShapes(condition!.shape, broadcastShapes(t!.shape, e!.shape)),
    dtype: t!.dtype,
  }),
  Slice: slice,
  Softmax: like('logits'),
  SplitV: splitV,
  StridedSlice: stridedSlice,
  Tile: ({ x }, { reps }) => ({
    shape: x!.shape.map((size, i) => size * reps[i]),
    dtype: x!.dtype,
  }),
  TopK: ({ x }, { k }) => {
    const shape = [...x!.shape.slice(0, -1), k]
    return [
      { shape, dtype: x!.dtype },
      { shape, dtype: 'int32' },
    ]
  },
  Transpose: ({ x }, { perm }) => ({ shape: perm.map((axis: number) => x!.shape[axis]!), dtype: x!.dtype }),
  Unpack: unpack,
  UnsortedSegmentSum: ({ x, segmentIds }, { numSegments }) => ({
    shape: [numSegments, ...x!.shape.slice(segmentIds!.shape.length)],
    dtype: x!.dtype,
  }),
}

function padded(x: Value, paddings: readonly (readonly [number, number])[]): Inferred {
  return {
    shape: x.shape.map((size, i) => size + paddings[i]![0] + paddings[i]![1]),
    dtype: x.dtype,
  }
}

function rules(rule: Rule, kernels: readonly string[]): Record<string, Rule> {
  return Object.fromEntries(kernels.map((kernel) => [kernel, rule]))
}
