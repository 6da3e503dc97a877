import * as tf from '@tensorflow/tfjs'
import { gradient, kernel } from './helpers'

interface Window {
  readonly strides: [number, number] | number
  readonly pad: 'valid' | 'same' | number
  readonly dataFormat?: 'NHWC' | 'NCHW'
  readonly dilations?: [number, number] | number | null
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

type Filter = tf.Tensor4D
type Images = tf.Tensor4D

function dilationsOf({ dilations }: Window): [number, number] {
  if (dilations === undefined || dilations === null) return [1, 1]
  return typeof dilations === 'number' ? [dilations, dilations] : dilations
}

/** The filter with its zeros between the taps written out. */
function spread(filter: tf.Tensor, [down, across]: [number, number]): Filter {
  if (down === 1 && across === 1) return filter as Filter
  const [h, w, c, o] = filter.shape as [number, number, number, number]
  const grid = tf.pad(tf.reshape(filter, [h, 1, w, c * o]), [[0, 0], [0, down - 1], [0, 0], [0, 0]]) // biome-ignore format: pairs
  const rows = tf.slice(tf.reshape(grid, [h * down, w, 1, c * o]), 0, (h - 1) * down + 1)
  const full = tf.reshape(tf.pad(rows, [[0, 0], [0, 0], [0, across - 1], [0, 0]]), [-1, w * across, c, o]) // biome-ignore format: pairs
  return tf.slice(full, [0, 0, 0, 0], [-1, (w - 1) * across + 1, c, o]) as Filter
}

/** The taps of a spread filter: the adjoint of {@link spread}. */
function collect(full: tf.Tensor, shape: number[], [down, across]: [number, number]): tf.Tensor {
  if (down === 1 && across === 1) return full
  const [h, w, c, o] = shape as [number, number, number, number]
  const rows = tf.pad(full, [[0, down - 1], [0, across - 1], [0, 0], [0, 0]]) // biome-ignore format: pairs
  const kept = tf.slice(tf.reshape(rows, [h, down, w * across, c * o]), [0, 0, 0, 0], [-1, 1, -1, -1])
  return tf.reshape(tf.slice(tf.reshape(kept, [h, w, across, c * o]), [0, 0, 0, 0], [-1, -1, 1, -1]), [
    h,
    w,
    c,
    o,
  ])
}

function window({ strides, pad, dataFormat = 'NHWC', dimRoundingMode }: Window): object {
  return { strides, pad, dataFormat, dimRoundingMode, dilations: [1, 1] }
}

/** The adjoints of a convolution in its two arguments, and its own forward form; dilation is in the filter. */
function convolution(name: string) {
  const forward = name === tf.Conv2D ? tf.conv2d : tf.depthwiseConv2d
  const [input, filter] =
    name === tf.Conv2D
      ? [tf.Conv2DBackpropInput, tf.Conv2DBackpropFilter]
      : [tf.DepthwiseConv2dNativeBackpropInput, tf.DepthwiseConv2dNativeBackpropFilter]
  return {
    toInput: (x: tf.Tensor, dy: tf.Tensor, taps: tf.Tensor, at: Window): tf.Tensor =>
      kernel(input, { dy, filter: taps }, { ...window(at), inputShape: x.shape }),
    toFilter: (x: tf.Tensor, dy: tf.Tensor, shape: number[], at: Window): tf.Tensor =>
      kernel(filter, { x, dy }, { ...window(at), filterShape: shape }),
    forward: (
      x: tf.Tensor,
      taps: tf.Tensor,
      { strides, pad, dataFormat, dimRoundingMode }: Window,
    ): tf.Tensor => forward(x as Images, taps as Filter, strides, pad, dataFormat, 1, dimRoundingMode),
    names: { forward: name, input, filter },
  }
}

/** Gradients of a convolution and of both its gradients: tfjs has neither dilation nor most second orders. */
function gradientsOf(name: string): tf.GradConfig[] {
  const { toInput, toFilter, forward, names } = convolution(name)
  return [
    gradient<Window>(names.forward, { inputs: ['x', 'filter'] }, (dy, [x, filter], at) => ({
      x: () => toInput(x!, dy, spread(filter!, dilationsOf(at)), at),
      filter: () => {
        const full = spread(filter!, dilationsOf(at)).shape
        return collect(toFilter(x!, dy, full, at), filter!.shape, dilationsOf(at))
      },
    })),
    gradient<Window>(names.input, { inputs: ['dy', 'filter'] }, (ddx, [dy, filter], at) => ({
      dy: () => forward(ddx, filter!, at),
      filter: () => toFilter(ddx, dy!, filter!.shape, at),
    })),
    gradient<Window>(names.filter, { inputs: ['x', 'dy'] }, (ddf, [x, dy], at) => ({
      x: () => toInput(x!, dy!, ddf, at),
      dy: () => forward(x!, ddf, at),
    })),
  ]
}

export const convolutionGradients = [...gradientsOf(tf.Conv2D), ...gradientsOf(tf.DepthwiseConv2dNative)]
