import * as tf from '@tensorflow/tfjs'

// biome-ignore lint/suspicious/noExplicitAny: attributes as tfjs has them
type Attributes = Readonly<Record<string, any>>
type Inputs = Readonly<Record<string, tf.Tensor>>
type Size5 = [number, number, number, number, number]

/**
 * A convolution in three dimensions is a sum of ones in two, over the planes of the filter: each meets, at every place along the
 * depth, one plane of the image.
 */
function planes(inputShape: readonly number[], filterShape: readonly number[], a: Attributes) {
  const info = tf.backend_util.computeConv3DInfo(
    inputShape as Size5,
    filterShape as Size5,
    a.strides,
    a.dilations ?? 1,
    a.pad,
  )
  const { padInfo: pad, outDepth, strideDepth, dilationDepth, filterDepth } = info
  const [batch, , height, width, channels] = inputShape as Size5
  const [, outHeight, outWidth, filters] = info.outShape.slice(1) as [number, number, number, number]
  const inPlane = {
    strides: [info.strideHeight, info.strideWidth] as [number, number],
    dilations: [info.dilationHeight, info.dilationWidth] as [number, number],
    pad: a.pad,
  }
  return {
    inPlane,
    count: filterDepth,
    depth: inputShape[1]!,
    padding: [pad.front, pad.back] as [number, number],
    image: [batch * outDepth, height, width, channels] as [number, number, number, number],
    result: [batch * outDepth, outHeight, outWidth, filters] as [number, number, number, number],
    stacked: [batch, outDepth] as const,
    outShape: info.outShape,
    /** Where along the padded depth the planes lie that plane `i` of the filter meets. */
    start: (i: number) => i * dilationDepth,
    stride: strideDepth,
  }
}

type Planes = ReturnType<typeof planes>

const alongDepth = (padding: [number, number]): [number, number][] => [
  [0, 0],
  padding,
  [0, 0],
  [0, 0],
  [0, 0],
]

/** The planes of the image that plane `i` of the filter meets, `[batch · places, height, width, channels]`. */
function met(padded: tf.Tensor, i: number, p: Planes): tf.Tensor4D {
  const begin = [0, p.start(i), 0, 0, 0]
  const end = padded.shape.map((size, axis) =>
    axis === 1 ? p.start(i) + (p.stacked[1] - 1) * p.stride + 1 : size,
  )
  return tf.reshape(tf.stridedSlice(padded, begin, end, [1, p.stride, 1, 1, 1]), p.image)
}

const planeOf = (filter: tf.Tensor, i: number): tf.Tensor4D => {
  const shape = filter.shape.slice(1) as [number, number, number, number]
  return tf.reshape(tf.slice(filter, [i, 0, 0, 0, 0], [1, ...shape]), shape)
}

const sum = (parts: tf.Tensor[]): tf.Tensor => parts.reduce((a, b) => tf.add(a, b))
const each = <T>(count: number, fn: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => fn(i))
const run = (kernel: string, inputs: Inputs, attributes: Attributes): tf.Tensor =>
  tf
    .engine()
    .runKernel(kernel, inputs as tf.NamedTensorMap, { dataFormat: 'NHWC', ...attributes } as tf.NamedAttrMap)

export function conv3d({ x, filter }: Inputs, attributes: Attributes): tf.Tensor {
  const p = planes(x!.shape, filter!.shape, attributes)
  const padded = tf.pad(x!, alongDepth(p.padding))
  const parts = each(p.count, (i) =>
    run('Conv2D', { x: met(padded, i, p), filter: planeOf(filter!, i) }, p.inPlane),
  )
  return tf.reshape(sum(parts), p.outShape)
}

/** The gradient by the filter. */
export function conv3dBackpropFilter({ x, dy }: Inputs, attributes: Attributes): tf.Tensor {
  const p = planes(x!.shape, attributes.filterShape, attributes)
  const padded = tf.pad(x!, alongDepth(p.padding))
  const gradient = tf.reshape(dy!, p.result)
  const filterShape = attributes.filterShape.slice(1)
  return tf.stack(
    each(p.count, (i) =>
      run('Conv2DBackpropFilter', { x: met(padded, i, p), dy: gradient }, { ...p.inPlane, filterShape }),
    ),
  )
}

/** The gradient by the image: each plane's, put back where it was met. */
export function conv3dBackpropInput({ dy, filter }: Inputs, attributes: Attributes): tf.Tensor {
  const p = planes(attributes.inputShape, filter!.shape, attributes)
  const gradient = tf.reshape(dy!, p.result)
  const [front] = p.padding
  const total = p.depth + front + p.padding[1]
  const parts = each(p.count, (i) => {
    const part = run(
      'Conv2DBackpropInput',
      { dy: gradient, filter: planeOf(filter!, i) },
      { ...p.inPlane, inputShape: p.image },
    )
    const [, height, width, channels] = p.image
    const [batch, places] = p.stacked
    const zeros: [number, number][] = [
      [0, 0],
      [0, 0],
      [0, p.stride - 1],
      [0, 0],
      [0, 0],
      [0, 0],
    ]
    const apart = tf.reshape(tf.pad(tf.reshape(part, [batch, places, 1, height, width, channels]), zeros), [
      batch,
      places * p.stride,
      height,
      width,
      channels,
    ])
    const reached = tf.slice(
      apart,
      [0, 0, 0, 0, 0],
      [batch, (places - 1) * p.stride + 1, height, width, channels],
    )
    return tf.pad(reached, alongDepth([p.start(i), total - p.start(i) - reached.shape[1]!]))
  })
  const [, ...rest] = attributes.inputShape
  return tf.slice(sum(parts), [0, front, 0, 0, 0], [attributes.inputShape[0], ...rest])
}
