import type * as tf from '@tensorflow/tfjs'
import type { Value } from '../value'
import { type Convolving, convGeometry, type Pooling, poolGeometry } from './geometry'
import { type Frozen, type Inferred, type Inputs, type IsCut, kernel, type Rows, type X } from './kernel'
import { when } from './rows'

export type Size4 = readonly [number, number, number, number]
export type Resizing = Frozen<tf.ResizeBilinearAttrs>
export type XFilter = X & { readonly filter: Value }
export type XDy = X & { readonly dy: Value }
export type DyFilter = { readonly dy: Value; readonly filter: Value }
export type DyImages = { readonly dy: Value; readonly images: Value }

const float = (shape: readonly number[]): Inferred => ({ shape, dtype: 'float32' })

/** Images stay apart, where the given operands are the images of a batch and all others are the same for each. */
const apart = <I extends object, A>(...images: readonly (keyof I & string)[]) =>
  ({
    cut: ({ inputs }, isCut) => when(onlyCut(inputs as Inputs, images, isCut)),
  }) satisfies Rows<I, A>

const onlyCut = (inputs: Inputs, names: readonly string[], isCut: IsCut): boolean =>
  Object.entries(inputs).every(([name, value]) => isCut(value) === names.includes(name))

const conv = (depthwise: boolean) =>
  kernel<XFilter, Convolving>({
    infer: ({ x, filter }, attributes) =>
      float(convGeometry(attributes, x.shape, filter.shape, depthwise).shape),
    rows: apart('x'),
  })

const filterGradient = kernel<XDy, Convolving & { readonly filterShape: Size4 }>({
  infer: (_, { filterShape }) => float(filterShape),
  rows: { cut: ({ inputs }, isCut) => when(isCut(inputs.x) && isCut(inputs.dy), 'sum') },
})

const inputGradient = kernel<DyFilter, Convolving & { readonly inputShape: Size4 }>({
  infer: (_, { inputShape }) => float(inputShape),
  rows: {
    ...apart('dy'),
    attributesFor: (attributes, shape) => ({ ...attributes, inputShape: shape as unknown as Size4 }),
  },
})

const pool = kernel<X, Pooling>({
  infer: ({ x }, attributes) => float(poolGeometry(attributes, x.shape).shape),
  rows: apart('x'),
})

const resize = kernel<{ readonly images: Value }, Resizing>({
  infer: ({ images: { shape } }, { size }) => float([shape[0]!, size[0], size[1], shape[3]!]),
  rows: apart('images'),
})

/** Takes elements as they are, of any type. */
const resizeNearest = kernel<{ readonly images: Value }, Resizing>({
  infer: ({ images: { shape, dtype } }, { size }) => ({
    shape: [shape[0]!, size[0], size[1], shape[3]!],
    dtype,
  }),
  rows: apart('images'),
})

const resizeGradient = kernel<DyImages, Omit<Resizing, 'size' | 'halfPixelCenters'>>({
  infer: ({ images }) => images,
  rows: apart('dy', 'images'),
})

/** Batch normalisation with given statistics. */
const batchNorm = kernel<
  X & { readonly mean: Value; readonly variance: Value; readonly scale?: Value; readonly offset?: Value },
  { readonly varianceEpsilon: number }
>({ infer: ({ x }) => x, rows: apart('x') })

/** Kernels of images `[B, H, W, C]`: convolutions, pools, resampling and their gradients. */
export const images = {
  AvgPool: pool,
  AvgPoolGrad: kernel<{ readonly dy: Value; readonly input: Value }, Pooling>({
    infer: ({ input }) => input,
    rows: apart('dy', 'input'),
  }),
  Conv2D: conv(false),
  Conv2DBackpropFilter: filterGradient,
  Conv2DBackpropInput: inputGradient,
  DepthwiseConv2dNative: conv(true),
  DepthwiseConv2dNativeBackpropFilter: filterGradient,
  DepthwiseConv2dNativeBackpropInput: inputGradient,
  FusedBatchNorm: batchNorm,
  MaxPool: pool,
  MaxPoolGrad: kernel<{ readonly dy: Value; readonly input: Value; readonly output: Value }, Pooling>({
    infer: ({ input }) => input,
    rows: apart('dy', 'input', 'output'),
  }),
  ResizeBilinear: resize,
  ResizeBilinearGrad: resizeGradient,
  ResizeNearestNeighbor: resizeNearest,
  ResizeNearestNeighborGrad: resizeGradient,
}
