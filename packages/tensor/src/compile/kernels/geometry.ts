import * as tf from '@tensorflow/tfjs'
import type { Frozen } from './kernel'

type Size4 = [number, number, number, number]

/** Attributes of convolutions. */
export type Convolving = Frozen<
  Pick<tf.Conv2DAttrs, 'strides' | 'pad' | 'dimRoundingMode'> &
    Partial<Pick<tf.Conv2DAttrs, 'dataFormat' | 'dilations'>>
>

/** Attributes of pools. */
export type Pooling = Frozen<tf.MaxPoolAttrs>

/** The sizes of a convolution or a pool, height before width. */
export interface Geometry {
  readonly strides: readonly [number, number]
  readonly dilations: readonly [number, number]
  readonly kernel: readonly [number, number]
  /** top, left, bottom, right */
  readonly pads: readonly [number, number, number, number]
  readonly input: readonly [number, number]
  readonly output: readonly [number, number]
  /** `[B, H, W, C]` of the result. */
  readonly shape: readonly number[]
}

/**
 * The sizes of a convolution.
 *
 * @param options The attributes of the kernel.
 * @param input `[B, H, W, C]`
 * @param filter `[h, w, C, O]`; depthwise `[h, w, C, M]`
 * @param depthwise Whether each channel has filters of its own.
 * @throws Error for images that are not channels last.
 * @example
 * const attributes = { strides: 2, pad: 'same', dilations: 1 } as const
 * convGeometry(attributes, [1, 8, 8, 3], [3, 3, 3, 16]).output // → [4, 4]
 */
export function convGeometry(
  { strides, pad, dilations, dimRoundingMode, dataFormat }: Convolving,
  input: readonly number[],
  filter: readonly number[],
  depthwise = false,
): Geometry {
  // tfjs's layers pass null for what they leave open.
  if ((dataFormat ?? 'NHWC') !== 'NHWC')
    throw new Error(`compile: expected images in NHWC, got ${dataFormat}`)
  return geometry(
    tf.backend_util.computeConv2DInfo(
      input as Size4,
      filter as Size4,
      strides as tf.Conv2DAttrs['strides'],
      (dilations ?? 1) as tf.Conv2DAttrs['dilations'],
      pad as tf.Conv2DAttrs['pad'],
      dimRoundingMode,
      depthwise,
    ),
  )
}

/**
 * The sizes of a pool of images `[B, H, W, C]`.
 *
 * @param options The attributes of the kernel.
 * @example
 * const attributes = { filterSize: 2, strides: 2, pad: 'valid' } as const
 * poolGeometry(attributes, [1, 8, 8, 3]).output // → [4, 4]
 */
export function poolGeometry(
  { filterSize, strides, pad, dimRoundingMode }: Pooling,
  input: readonly number[],
): Geometry {
  return geometry(
    tf.backend_util.computePool2DInfo(
      input as Size4,
      filterSize as tf.MaxPoolAttrs['filterSize'],
      strides as tf.MaxPoolAttrs['strides'],
      1,
      pad as tf.MaxPoolAttrs['pad'],
      dimRoundingMode,
    ),
  )
}

function geometry(info: tf.backend_util.Conv2DInfo): Geometry {
  const { top, left, bottom, right } = info.padInfo
  return {
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    kernel: [info.filterHeight, info.filterWidth],
    pads: [top, left, bottom, right],
    input: [info.inHeight, info.inWidth],
    output: [info.outHeight, info.outWidth],
    shape: info.outShape,
  }
}
