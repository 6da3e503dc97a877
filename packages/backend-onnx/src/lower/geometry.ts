import type { Node } from '@sgm/tensor'
import * as tf from '@tensorflow/tfjs'
import type { Order } from '../layout'

/** ONNX convolves images `[B, C, H, W]`, filters `[O, I, h, w]`; tfjs has `[B, H, W, C]` and `[h, w, I, O]`. */
export const CHANNELS_FIRST: Order = [0, 3, 1, 2]
export const FILTERS_FIRST: Order = [3, 2, 0, 1]
export const CHANNELS_FIRST_FILTER: Order = [2, 3, 0, 1]

export type Size4 = [number, number, number, number]

/** The sizes of a convolution, the two axes of the image apart. */
export interface Geometry {
  readonly strides: [number, number]
  readonly dilations: [number, number]
  readonly kernel: [number, number]
  /** top, left, bottom, right */
  readonly pads: [number, number, number, number]
  readonly input: [number, number]
  readonly output: [number, number]
}

/** The attributes that convolutions and pools share, as tfjs has them. */
export interface WindowAttributes {
  readonly strides: number | [number, number]
  readonly pad: 'same' | 'valid' | number
  readonly dilations?: number | [number, number]
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly dataFormat?: string
}

/** The sizes of a convolution kernel's call. */
export function geometry(
  node: Node,
  inputShape: readonly number[],
  filterShape: readonly number[],
  depthwise = false,
): Geometry {
  const { strides, pad, dilations, dimRoundingMode, dataFormat } =
    node.attributes as unknown as WindowAttributes
  if (dataFormat !== undefined && dataFormat !== 'NHWC') {
    throw new Error(`onnx: expected ${node.kernel} in NHWC, got ${dataFormat}`)
  }
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as Size4,
    filterShape as Size4,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  )
  const { top, left, bottom, right } = info.padInfo
  return {
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    kernel: [info.filterHeight, info.filterWidth],
    pads: [top, left, bottom, right],
    input: [info.inHeight, info.inWidth],
    output: [info.outHeight, info.outWidth],
  }
}
