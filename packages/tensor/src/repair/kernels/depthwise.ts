import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { Info } from '../info'
import { floats, zeros } from './heap'

interface DepthwiseAttributes {
  readonly strides: [number, number]
  readonly dilations: [number, number] | null
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly inputShape?: Shape4
  readonly filterShape?: Shape4
}

type Shape4 = [number, number, number, number]

/** `DepthwiseConv2dNativeBackpropInput`, which the backend lacks. */
export function depthwiseBackpropInput({ inputs, attrs, backend: held }: Parameters<tf.KernelFunc>[0]): Info {
  const { dy, filter } = inputs as { dy: Info; filter: Info }
  const { inputShape, ...rest } = attrs as unknown as DepthwiseAttributes
  const backend = held as BackendWasm
  const info = describe(inputShape!, filter.shape as Shape4, rest)
  const out = zeros(backend, inputShape!)
  const [dx, weights, g] = [floats(backend, out), floats(backend, filter), floats(backend, dy)]
  const multiplier = info.outChannels / info.inChannels
  forEachTap(info, (image, taps, cotangent) => {
    for (let c = 0, o = 0; c < info.inChannels; c++) {
      let sum = 0
      for (let m = 0; m < multiplier; m++, o++) sum += g[cotangent + o]! * weights[taps + o]!
      dx[image + c]! += sum
    }
  })
  return out
}

/** `DepthwiseConv2dNativeBackpropFilter`, which the backend lacks. */
export function depthwiseBackpropFilter({
  inputs,
  attrs,
  backend: held,
}: Parameters<tf.KernelFunc>[0]): Info {
  const { x, dy } = inputs as { x: Info; dy: Info }
  const { filterShape, ...rest } = attrs as unknown as DepthwiseAttributes
  const backend = held as BackendWasm
  const info = describe(x.shape as Shape4, filterShape!, rest)
  const out = backend.makeOutput([...filterShape!], 'float32')
  const [images, g] = [floats(backend, x), floats(backend, dy)]
  const multiplier = info.outChannels / info.inChannels
  // Long sums: one filter entry adds up every pixel of the batch.
  const sums = new Float64Array(tf.util.sizeFromShape(filterShape!))
  forEachTap(info, (image, taps, cotangent) => {
    for (let c = 0, o = 0; c < info.inChannels; c++) {
      const value = images[image + c]!
      for (let m = 0; m < multiplier; m++, o++) sums[taps + o]! += g[cotangent + o]! * value
    }
  })
  floats(backend, out).set(sums)
  return out
}

/** Calls `visit` with where a pixel of x, a tap of the filter and a pixel of dy start, for all that meet. */
function forEachTap(
  info: tf.backend_util.Conv2DInfo,
  visit: (image: number, taps: number, cotangent: number) => void,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, padInfo } = info
  for (let n = 0; n < batchSize; n++) {
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        const cotangent = ((n * outHeight + y) * outWidth + x) * outChannels
        for (let i = 0; i < info.filterHeight; i++) {
          const u = y * info.strideHeight + i * info.dilationHeight - padInfo.top
          if (u < 0 || u >= inHeight) continue
          for (let j = 0; j < info.filterWidth; j++) {
            const v = x * info.strideWidth + j * info.dilationWidth - padInfo.left
            if (v < 0 || v >= inWidth) continue
            visit(
              ((n * inHeight + u) * inWidth + v) * inChannels,
              (i * info.filterWidth + j) * outChannels,
              cotangent,
            )
          }
        }
      }
    }
  }
}

function describe(
  inputShape: Shape4,
  filterShape: Shape4,
  attrs: DepthwiseAttributes,
): tf.backend_util.Conv2DInfo {
  const { strides, dilations, pad, dimRoundingMode } = attrs
  return tf.backend_util.computeConv2DInfo(
    inputShape,
    filterShape,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    true,
  )
}
