import * as tf from '@tensorflow/tfjs'
import type { Info } from './heap'
import type { Replacement } from './register'

type Size4 = [number, number, number, number]

interface ConvolutionAttributes {
  readonly strides: [number, number] | number
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dilations?: [number, number] | number | null
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly dataFormat?: 'NHWC' | 'NCHW'
}

/**
 * A convolution with the four sides of its padding written out. Told "same", the module makes nothing, not even
 * zeros, of windows that stop short of the image's end, as those of a stride above the filter's size do.
 */
export const writtenOut: Replacement = (plain) => (args) => {
  const { x, filter } = args.inputs as { x: Info; filter: Info }
  const attributes = args.attrs as unknown as ConvolutionAttributes
  if (attributes.pad !== 'same' || attributes.dataFormat === 'NCHW') return plain(args)
  const { strides, dilations, pad, dimRoundingMode } = attributes
  const { top, bottom, left, right } = tf.backend_util.computeConv2DInfo(
    x.shape as Size4,
    filter.shape as Size4,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
  ).padInfo
  const sides: tf.backend_util.ExplicitPadding = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]
  return plain({ ...args, attrs: { ...args.attrs, pad: sides as unknown as tf.NamedAttrMap[string] } })
}
