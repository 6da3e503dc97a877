import * as tf from '@tensorflow/tfjs'
import type { Value } from '../value'
import { type Frozen, fromFront, type Inferred, type Inputs, kernel, type X } from './kernel'
import { type Slicing, type Striding, sliceRange, stridedRange } from './ranges'
import { meeting, splitting, unlessAlong, when } from './rows'

const sameShape = (x: Value, result: Value): boolean => `${x.shape}` === `${result.shape}`

export type Padding = { readonly paddings: readonly (readonly [number, number])[] }

const padded = ({ shape, dtype }: Value, { paddings }: Padding): Inferred => ({
  shape: shape.map((size, i) => size + paddings[i]![0] + paddings[i]![1]),
  dtype,
})

const concat = kernel<Inputs, { readonly axis: number }>({
  infer(inputs, { axis }) {
    const parts = Object.values(inputs)
    const { shape, dtype } = parts[0]!
    const at = fromFront(axis, shape.length)
    const length = parts.reduce((total, part) => total + part.shape[at]!, 0)
    return { shape: shape.map((size, i) => (i === at ? length : size)), dtype }
  },
  rows: {
    ...meeting,
    cut: (use, isCut) => unlessAlong(use.attributes.axis, use.inputs[0]!) && meeting.cut(use, isCut),
  },
})

const pack = kernel<Inputs, { readonly axis: number }>({
  infer(inputs, { axis }) {
    const parts = Object.values(inputs)
    const shape = [...parts[0]!.shape]
    shape.splice(fromFront(axis, shape.length + 1), 0, parts.length)
    return { shape, dtype: parts[0]!.dtype }
  },
  rows: {
    cut: ({ inputs, attributes }) => when(fromFront(attributes.axis, inputs[0]!.shape.length + 1) !== 0),
    meetAt: ({ outputs }) => outputs[0]!.shape.length - 1,
  },
})

const expandDims = kernel<{ readonly input: Value }, { readonly dim: number }>({
  infer({ input }, { dim }) {
    const shape = [...input.shape]
    shape.splice(fromFront(dim, shape.length + 1), 0, 1)
    return { shape, dtype: input.dtype }
  },
  rows: { cut: splitting },
})

const gather = kernel<
  X & { readonly indices: Value },
  { readonly axis: number; readonly batchDims?: number }
>({
  infer: ({ x, indices }, { axis, batchDims = 0 }) => ({
    shape: [...x.shape.slice(0, axis), ...indices.shape.slice(batchDims), ...x.shape.slice(axis + 1)],
    dtype: x.dtype,
  }),
  rows: {
    cut({ inputs: { x, indices }, attributes: { axis, batchDims } }, isCut) {
      if (batchDims || indices.shape.length === 0) return undefined
      const alongRows = fromFront(axis, x.shape.length) === 0
      return when(isCut(indices) ? !isCut(x) && alongRows : !alongRows)
    },
  },
})

const slice = kernel<X, Slicing>({
  infer: ({ x }, attributes) => ({ shape: sliceRange(attributes, x.shape).size, dtype: x.dtype }),
  rows: {
    cut: ({ inputs, outputs }) => when(outputs[0]!.shape[0] === inputs.x.shape[0]),
    attributesFor: ({ begin }, shape) => ({ begin, size: shape }),
  },
})

const stridedSlice = kernel<X, Striding>({
  infer: ({ x }, attributes) => ({ shape: stridedRange(attributes, x.shape).shape, dtype: x.dtype }),
})

const splitV = kernel<X, Frozen<tf.SplitVAttrs>>({
  infer({ x: { shape, dtype } }, { numOrSizeSplits, axis }) {
    const at = fromFront(axis, shape.length)
    const split = numOrSizeSplits as tf.SplitVAttrs['numOrSizeSplits']
    const sizes = tf.backend_util.prepareSplitSize({ shape: [...shape] } as tf.Tensor, split, at)
    return sizes.map((size) => ({ shape: shape.with(at, size), dtype }))
  },
  rows: { cut: ({ inputs, attributes }) => unlessAlong(attributes.axis, inputs.x) },
})

const unpack = kernel<{ readonly value: Value }, { readonly axis: number }>({
  infer({ value: { shape, dtype } }, { axis }) {
    const at = fromFront(axis, shape.length)
    return Array.from({ length: shape[at]! }, () => ({ shape: shape.filter((_, i) => i !== at), dtype }))
  },
  rows: { cut: ({ inputs, attributes }) => unlessAlong(attributes.axis, inputs.value) },
})

const along = <A extends { readonly axis: number }>() =>
  kernel<X, A>({
    infer: ({ x }) => x,
    rows: { cut: ({ inputs, attributes }) => unlessAlong(attributes.axis, inputs.x) },
  })

/** Kernels that move, repeat and pick values. */
export const moving = {
  BroadcastTo: kernel<X, { readonly shape: readonly number[] }>({
    infer: ({ x }, { shape }) => ({ shape, dtype: x.dtype }),
    repeats: true,
    copies: sameShape,
  }),
  Concat: concat,
  Cumsum: along<Frozen<tf.CumsumAttrs>>(),
  ExpandDims: expandDims,
  GatherV2: gather,
  MirrorPad: kernel<X, Frozen<tf.MirrorPadAttrs>>({ infer: ({ x }, attributes) => padded(x, attributes) }),
  Pack: pack,
  PadV2: kernel<X, Padding & { readonly constantValue?: number }>({
    infer: ({ x }, attributes) => padded(x, attributes),
    rows: { cut: ({ attributes }) => when(attributes.paddings[0]!.every((n) => n === 0)) },
  }),
  Reshape: kernel<X, { readonly shape: readonly number[] }>({
    infer: ({ x }, { shape }) => ({
      shape: tf.util.inferFromImplicitShape([...shape], tf.util.sizeFromShape([...x.shape])),
      dtype: x.dtype,
    }),
    rows: { cut: splitting, attributesFor: (_, shape) => ({ shape }) },
    copies: sameShape,
  }),
  Reverse: kernel<X, Frozen<tf.ReverseAttrs>>({
    infer: ({ x }) => x,
    rows: {
      cut: ({ inputs: { x }, attributes }) =>
        when([attributes.dims].flat().every((axis) => fromFront(axis, x.shape.length) !== 0)),
    },
  }),
  Slice: slice,
  SplitV: splitV,
  StridedSlice: stridedSlice,
  Tile: kernel<X, { readonly reps: readonly number[] }>({
    infer: ({ x }, { reps }) => ({ shape: x.shape.map((size, i) => size * reps[i]!), dtype: x.dtype }),
    rows: { cut: ({ attributes }) => when(attributes.reps[0] === 1) },
    repeats: true,
  }),
  Transpose: kernel<X, { readonly perm: readonly number[] }>({
    infer: ({ x }, { perm }) => ({ shape: perm.map((axis) => x.shape[axis]!), dtype: x.dtype }),
    rows: { cut: ({ attributes }) => when(attributes.perm[0] === 0) },
  }),
  Unpack: unpack,
  UnsortedSegmentSum: kernel<X & { readonly segmentIds: Value }, { readonly numSegments: number }>({
    infer: ({ x, segmentIds }, { numSegments }) => ({
      shape: [numSegments, ...x.shape.slice(segmentIds.shape.length)],
      dtype: x.dtype,
    }),
    rows: { cut: ({ inputs }, isCut) => when(Object.values(inputs).every(isCut), 'sum') },
  }),
}
