import * as tf from '@tensorflow/tfjs'
import { checkIntegers, checkLists, checkTensor, expected, formatShape, optionsOf } from '../check'
import { checkSizes } from '../check/sizes'
import { made } from '../tf'
import type { Tensor } from '../types'
import { promote } from './dtypes'

/** Zero padding: by name as in TensorFlow, or that many rows and columns on each side. */
export type Padding = 'same' | 'valid' | number

/** Stride, padding and dilation of a convolution. */
export interface ConvOptions {
  /** Step of the window in both directions. @default 1 */
  readonly stride?: number
  /** @default 'same' */
  readonly padding?: Padding
  /** Distance between the filter's taps. @default 1 */
  readonly dilation?: number
}

/** Window and stride of a pooling. */
export interface PoolOptions {
  /** @default the window's size */
  readonly stride?: number
  /** @default 'valid' */
  readonly padding?: Padding
}

/**
 * 2-D convolution (cross-correlation): x `[B, H, W, C]`, filter `[h, w, C, O]` → `[B, H′, W′, O]`.
 *
 * @param x Images `[B, H, W, C]`.
 * @param filter `[h, w, C, O]`.
 * @throws RangeError when the ranks or channels do not fit, the filter is larger than the padded images, or stride and
 * dilation both exceed 1.
 * @example
 * const x = ones([1, 4, 4, 1])
 * conv2d(x, ones([3, 3, 1, 8])).shape // → [1, 4, 4, 8]
 * conv2d(x, ones([3, 3, 1, 8]), { padding: 'valid' }).shape // → [1, 2, 2, 8]
 */
export function conv2d(x: Tensor, filter: Tensor, options: ConvOptions = {}): Tensor {
  checkConv('conv2d', x, filter, 2)
  const { stride, pad, dilation } = checkOptions('conv2d', x, filter, options)
  return convolved('conv2d', x, filter, (input, taps) =>
    tf.conv2d(input, taps, stride, pad, 'NHWC', dilation),
  )
}

/**
 * 2-D convolution of each channel on its own: x `[B, H, W, C]`, filter `[h, w, C, M]` → `[B, H′, W′, C·M]`.
 *
 * @param x Images `[B, H, W, C]`.
 * @param filter `[h, w, C, M]`.
 * @throws RangeError as {@link conv2d} does.
 * @example
 * depthwiseConv2d(ones([1, 4, 4, 3]), ones([3, 3, 3, 1])).shape // → [1, 4, 4, 3]
 */
export function depthwiseConv2d(x: Tensor, filter: Tensor, options: ConvOptions = {}): Tensor {
  checkConv('depthwiseConv2d', x, filter, 2)
  const { stride, pad, dilation } = checkOptions('depthwiseConv2d', x, filter, options)
  return convolved('depthwiseConv2d', x, filter, (input, taps) =>
    tf.depthwiseConv2d(input, taps, stride, pad, 'NHWC', dilation),
  )
}

/**
 * Transposed 2-D convolution, the adjoint of {@link conv2d}: x `[B, H, W, C]`, filter `[h, w, O, C]` → `[B, H′, W′, O]`,
 * where `outputSize` is `[H′, W′]`.
 *
 * @param x Images `[B, H, W, C]`.
 * @param filter `[h, w, O, C]`.
 * @param outputSize Height and width of the result, between which and the images the stride decides.
 * @param options Any of `stride` (1), `padding` (`'same'`).
 * @example
 * const filter = ones([3, 3, 1, 8])
 * const y = conv2dTranspose(ones([1, 2, 2, 8]), filter, [4, 4], { stride: 2 })
 * y.shape // → [1, 4, 4, 1]
 */
export function conv2dTranspose(
  x: Tensor,
  filter: Tensor,
  outputSize: readonly [number, number],
  options: Omit<ConvOptions, 'dilation'> = {},
): Tensor {
  checkConv('conv2dTranspose', x, filter, 3)
  const { stride = 1, padding = 'same' } = optionsOf('conv2dTranspose', options, {
    stride: true,
    padding: true,
  })
  checkIntegers('conv2dTranspose', { stride })
  checkSize('conv2dTranspose', x, outputSize)
  checkPadding('conv2dTranspose', x, padding)
  const shape: Size4 = [x.shape[0]!, outputSize[0], outputSize[1], filter.shape[2]!]
  checkOutputSize(x, filter, shape, stride, padding)
  const pad = sides(padding)
  return convolved('conv2dTranspose', x, filter, (input, taps) =>
    tf.conv2dTranspose(input, taps, shape, stride, pad),
  )
}

/**
 * Mean over the part of each window inside the image: `[B, H, W, C]` → `[B, H′, W′, C]`.
 *
 * @param x Images `[B, H, W, C]`.
 * @throws RangeError when the window is larger than the padded images, or the padding not smaller than the window.
 * @example
 * avgPool2d(reshape(range(0, 16), [1, 4, 4, 1]), 2).shape // → [1, 2, 2, 1]
 */
export function avgPool2d(x: Tensor, window: number, options: PoolOptions = {}): Tensor {
  const { stride, padding } = checkPool('avgPool2d', x, window, options)
  return made(() => tf.avgPool(float('avgPool2d', x), window, stride, padding))
}

/**
 * Largest value in each window: `[B, H, W, C]` → `[B, H′, W′, C]`; NaN where the window holds one. Ties share the gradient
 * equally; of NaN the first has it.
 *
 * @param x Images `[B, H, W, C]`.
 * @throws RangeError when the window is larger than the padded images, or the padding not smaller than the window.
 * @example
 * maxPool2d(reshape(range(0, 16), [1, 4, 4, 1]), 2).shape // → [1, 2, 2, 1]
 */
export function maxPool2d(x: Tensor, window: number, options: PoolOptions = {}): Tensor {
  const { stride, padding } = checkPool('maxPool2d', x, window, options)
  return made(() => tf.maxPool(float('maxPool2d', x), window, stride, padding))
}

/**
 * Images `[B, H, W, C]` → `[B, height, width, C]` by nearest neighbours.
 *
 * @param x Images `[B, H, W, C]`.
 * @example
 * resizeNearest(ones([1, 4, 4, 3]), [8, 8]).shape // → [1, 8, 8, 3]
 */
export function resizeNearest(x: Tensor, size: readonly [height: number, width: number]): Tensor {
  checkSize('resizeNearest', x, size)
  return made(() =>
    tf.image.resizeNearestNeighbor(promote('resizeNearest', 'int32', x) as tf.Tensor4D, [size[0], size[1]]),
  )
}

/**
 * Images `[B, H, W, C]` → `[B, height, width, C]` by bilinear interpolation with half-pixel centres.
 *
 * @param x Images `[B, H, W, C]`.
 * @example
 * resizeBilinear(ones([1, 4, 4, 3]), [8, 8]).shape // → [1, 8, 8, 3]
 */
export function resizeBilinear(x: Tensor, size: readonly [height: number, width: number]): Tensor {
  checkSize('resizeBilinear', x, size)
  return made(() => tf.image.resizeBilinear(float('resizeBilinear', x), [size[0], size[1]], false, true))
}

/** As float32, which alone the kernels of images take: integers are promoted, as in products of matrices. */
function float(where: string, x: Tensor): tf.Tensor4D {
  return promote(where, 'float32', x) as tf.Tensor4D
}

function convolved(
  where: string,
  x: Tensor,
  filter: Tensor,
  kernel: (input: tf.Tensor4D, taps: tf.Tensor4D) => tf.Tensor,
): Tensor {
  return made(() => kernel(float(where, x), float(where, filter)))
}

function checkImages(where: string, x: Tensor): void {
  checkTensor(where, x)
  if (x.shape.length !== 4) throw expected(where, 'images of shape [B, H, W, C]', formatShape(x.shape))
}

function checkConv(where: string, x: Tensor, filter: Tensor, channelAxis: number): void {
  checkImages(where, x)
  checkTensor(where, filter)
  if (filter.shape.length !== 4 || filter.shape[channelAxis] !== x.shape[3]) {
    throw expected(
      where,
      `a filter with ${x.shape[3]} channels on axis ${channelAxis}`,
      formatShape(filter.shape),
    )
  }
}

function checkOptions(
  where: string,
  x: Tensor,
  filter: Tensor,
  options: ConvOptions,
): { stride: number; pad: Pad; dilation: number } {
  const {
    stride = 1,
    padding = 'same',
    dilation = 1,
  } = optionsOf(where, options, { stride: true, padding: true, dilation: true })
  checkIntegers(where, { stride, dilation })
  checkPadding(where, x, padding)
  if (stride > 1 && dilation > 1)
    throw expected(where, 'stride or dilation to be 1', `${stride} and ${dilation}`)
  checkReach(where, x, [spanOf(filter.shape[0]!, dilation), spanOf(filter.shape[1]!, dilation)], padding)
  return { stride, pad: sides(padding), dilation }
}

function checkPool(where: string, x: Tensor, window: number, options: PoolOptions): Required<PoolOptions> {
  const { stride = window, padding = 'valid' } = optionsOf(where, options, { stride: true, padding: true })
  checkImages(where, x)
  checkIntegers(where, { window, stride })
  checkPadding(where, x, padding)
  if (typeof padding === 'number' && padding >= window)
    throw expected(where, `padding < window = ${window}`, padding)
  checkReach(where, x, [window, window], padding)
  return { stride, padding }
}

function checkSize(where: string, x: Tensor, size: readonly [number, number]): void {
  checkImages(where, x)
  checkLists(where, { size })
  checkIntegers(where, { height: size[0], width: size[1] })
  checkSizes(where, [x.shape[0]!, size[0], size[1], x.shape[3]!])
}

type Pad = 'same' | 'valid' | tf.backend_util.ExplicitPadding
type Size4 = [number, number, number, number]

/** Padding with its four sides written out: for a number, tfjs takes the filter's height for its width too. */
function sides(padding: Padding): Pad {
  if (typeof padding !== 'number') return padding
  const both: [number, number] = [padding, padding]
  return [[0, 0], both, both, [0, 0]]
}

/** How many pixels the taps of a filter reach over. */
function spanOf(taps: number, dilation: number): number {
  return (taps - 1) * dilation + 1
}

/** Throws unless a window has at least one place in the padded images. */
function checkReach(where: string, x: Tensor, window: readonly [number, number], padding: Padding): void {
  if (padding === 'same') return
  const around = padding === 'valid' ? 0 : 2 * padding
  const [height, width] = window.map((size) => Math.max(size - around, 1)) as [number, number]
  if (x.shape[1]! < height || x.shape[2]! < width) {
    throw expected(where, `images of at least ${height} × ${width}`, `${x.shape[1]} × ${x.shape[2]}`)
  }
}

/** A transposed convolution gives back a size that the convolution maps to x's. */
function checkOutputSize(x: Tensor, filter: Tensor, shape: Size4, stride: number, padding: Padding): void {
  const [h, w, o, c] = filter.shape as Size4
  const { outHeight, outWidth } = tf.backend_util.computeConv2DInfo(
    shape,
    [h, w, o, c],
    stride,
    1,
    sides(padding),
  )
  if (outHeight !== x.shape[1] || outWidth !== x.shape[2]) {
    const wanted = `an output size that the convolution maps to ${x.shape[1]} × ${x.shape[2]}`
    throw expected('conv2dTranspose', wanted, `${shape[1]} × ${shape[2]}`)
  }
}

function checkPadding(
  where: string,
  { shape: [batch, height, width, channels] }: Tensor,
  padding: Padding,
): void {
  if (padding === 'same' || padding === 'valid') return
  if (!(Number.isInteger(padding) && padding >= 0)) {
    throw expected(where, "padding to be 'same', 'valid' or an integer >= 0", padding)
  }
  checkSizes(where, [batch!, height! + 2 * padding, width! + 2 * padding, channels!])
}
