import * as tf from '@tensorflow/tfjs'
import type { Call, Replacement } from './kernels/register'

type Size4 = [number, number, number, number]
type Sides = tf.backend_util.ExplicitPadding
type Attribute = tf.NamedAttrMap[string]

interface ConvolutionAttributes {
  readonly strides: [number, number] | number
  readonly pad: 'valid' | 'same' | number | Sides
  readonly dilations?: [number, number] | number | null
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly dataFormat?: 'NHWC' | 'NCHW'
}

/** The four sides of a convolution's padding; undefined for images with their channels first. */
function sidesOf({ inputs, attrs }: Call): Sides | undefined {
  const { x, filter } = inputs as { x: tf.TensorInfo; filter: tf.TensorInfo }
  const { dataFormat, strides, dilations, pad, dimRoundingMode } = attrs as unknown as ConvolutionAttributes
  if (dataFormat === 'NCHW') return undefined
  if (typeof pad === 'object') return pad
  const { top, bottom, left, right } = tf.backend_util.computeConv2DInfo(
    x.shape as Size4,
    filter.shape as Size4,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
  ).padInfo
  return [[0, 0], [top, bottom], [left, right], [0, 0]] // biome-ignore format: pairs
}

const withPad = (args: Call, pad: Sides | 'valid'): Call => ({
  ...args,
  attrs: { ...args.attrs, pad: pad as unknown as Attribute },
})

/** A convolution whose kernel is told the four sides of its padding. */
export const writtenOut: Replacement = (plain) => (args) => {
  const sides = sidesOf(args)
  return plain(sides ? withPad(args, sides) : args)
}

/**
 * A convolution of images that are padded first, on the backend of that name, where a call needs it: padding takes part as
 * zeros do, which times a weight that is not finite are NaN. Some of tfjs's kernels leave it out.
 */
export const paddedFirst =
  (backendName: string, isNeeded: (args: Call) => boolean): Replacement =>
  (plain) =>
  (args) => {
    const sides = sidesOf(args)
    if (!sides?.flat().some((side) => side > 0) || !isNeeded(args)) return plain(args)
    const { kernelFunc } = tf.getKernel('PadV2', backendName)
    const attrs = { paddings: sides as unknown as Attribute, constantValue: 0 }
    const x = kernelFunc({ ...args, inputs: { x: args.inputs.x! }, attrs }) as tf.TensorInfo
    const out = plain({ ...withPad(args, 'valid'), inputs: { ...args.inputs, x } })
    const backend = args.backend as tf.KernelBackend
    backend.disposeData(x.dataId)
    return out
  }
