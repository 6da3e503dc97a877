import * as tf from '@tensorflow/tfjs'
import type { Info } from '../info'
import { LONG } from '../kernels/multiply'
import type { Replacement } from '../kernels/register'
import { type CpuBackend, floatsOf, valuesOf } from './host'

type Size4 = [number, number, number, number]

/**
 * Convolutions of many terms, of all channels or of each by itself, added in float64: tfjs goes on from the last float32.
 */
export const longConvolution =
  (isDepthwise: boolean): Replacement =>
  (plain) =>
  (args) => {
    const { x, filter } = args.inputs as { x: Info; filter: Info }
    const { strides, dilations, pad, dimRoundingMode, dataFormat } = args.attrs as unknown as tf.Conv2DAttrs
    const [height, width, channels, perChannel] = filter.shape as Size4
    const terms = height * width * (isDepthwise ? 1 : channels)
    if (terms <= LONG || dataFormat === 'NCHW') return plain(args)
    const at = tf.backend_util.computeConv2DInfo(
      x.shape as Size4,
      filter.shape as Size4,
      strides,
      dilations ?? 1,
      pad,
      dimRoundingMode,
      isDepthwise,
    )
    const backend = args.backend as CpuBackend
    const [images, weights] = [valuesOf(backend, x), valuesOf(backend, filter)]
    const sums = new Float64Array(at.outChannels)
    const addTap = (image: number, tap: number): void => {
      for (let c = 0; c < channels; c++) {
        const value = images[image + c]!
        const from = tap + c * perChannel
        const to = isDepthwise ? c * perChannel : 0
        for (let d = 0; d < perChannel; d++) sums[to + d]! += value * weights[from + d]!
      }
    }
    const addWindow = (batch: number, top: number, left: number): void => {
      for (let i = 0; i < height; i++) {
        const row = top + i * at.dilationHeight
        if (row < 0 || row >= at.inHeight) continue
        for (let j = 0; j < width; j++) {
          const column = left + j * at.dilationWidth
          if (column < 0 || column >= at.inWidth) continue
          const image = ((batch * at.inHeight + row) * at.inWidth + column) * channels
          addTap(image, (i * width + j) * channels * perChannel)
        }
      }
    }
    return floatsOf(backend, at.outShape, (to) => {
      let place = 0
      for (let batch = 0; batch < at.batchSize; batch++) {
        for (let y = 0; y < at.outHeight; y++) {
          for (let z = 0; z < at.outWidth; z++, place += sums.length) {
            sums.fill(0)
            addWindow(batch, y * at.strideHeight - at.padInfo.top, z * at.strideWidth - at.padInfo.left)
            to.set(sums, place)
          }
        }
      }
    })
  }
