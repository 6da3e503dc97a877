import type { Images } from '@sgm/tensor/compile'
import { depthwise, depthwiseInput } from './depthwise'
import { avgPool, avgPoolGrad, maxPool, maxPoolGrad } from './pools'
import { conv2d, conv2dFilter, conv2dInput } from './products'
import { bilinearGradient, nearestGradient, resizedBilinear, resizedNearest } from './resize'
import type { Rules } from './rule'

/** Kernels of images `[B, H, W, C]`. */
export const images: Rules<Images> = {
  AvgPool: { kind: 'direct', element: (reader, node, _output, at) => avgPool(reader, node, at) },
  AvgPoolGrad: { kind: 'direct', element: (reader, node, _output, at) => avgPoolGrad(reader, node, at) },
  Conv2D: { kind: 'product', product: conv2d },
  Conv2DBackpropFilter: { kind: 'product', product: conv2dFilter },
  Conv2DBackpropInput: { kind: 'product', product: conv2dInput },
  DepthwiseConv2dNative: {
    kind: 'direct',
    element: (reader, node, _output, at) => depthwise(reader, node, at),
  },
  DepthwiseConv2dNativeBackpropFilter: { kind: 'rewritten' },
  DepthwiseConv2dNativeBackpropInput: {
    kind: 'direct',
    element: (reader, node, _output, at) => depthwiseInput(reader, node, at),
  },
  FusedBatchNorm: { kind: 'rewritten' },
  MaxPool: { kind: 'direct', element: (reader, node, _output, at) => maxPool(reader, node, at) },
  MaxPoolGrad: { kind: 'direct', element: (reader, node, _output, at) => maxPoolGrad(reader, node, at) },
  ResizeBilinear: {
    kind: 'direct',
    element: (reader, { inputs, attributes }, output, at) =>
      resizedBilinear(reader, inputs.images, output, attributes, at),
  },
  ResizeBilinearGrad: {
    kind: 'direct',
    element: (reader, { inputs, attributes }, _output, at) =>
      bilinearGradient(reader, inputs.dy, inputs.images, attributes, at),
  },
  ResizeNearestNeighbor: {
    kind: 'view',
    element: (reader, { inputs, attributes }, output, at) =>
      resizedNearest(reader, inputs.images, output, attributes, at),
  },
  ResizeNearestNeighborGrad: {
    kind: 'direct',
    element: (reader, { inputs, attributes }, _output, at) =>
      nearestGradient(reader, inputs.dy, inputs.images, attributes, at),
  },
}
