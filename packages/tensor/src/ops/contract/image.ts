import * as ops from '..'
import { type OpCase, opCase } from './case'
import { at, build, type Host, padded, spread } from './host'

interface Axis {
  readonly out: number
  readonly before: number
}

/** The padding of one axis, by TensorFlow's rule. */
function layout(size: number, window: number, stride: number, padding: ops.Padding): Axis {
  if (padding !== 'same') {
    const before = padding === 'valid' ? 0 : padding
    return { out: Math.floor((size - window + 2 * before) / stride) + 1, before }
  }
  const out = Math.ceil(size / stride)
  return { out, before: Math.floor(Math.max((out - 1) * stride + window - size, 0) / 2) }
}

function axes(shape: readonly number[], [h, w]: readonly number[], stride: number, padding: ops.Padding) {
  return [layout(shape[1]!, h!, stride, padding), layout(shape[2]!, w!, stride, padding)] as const
}

type Tap = (index: readonly number[], i: number, j: number, at: (channel: number) => number) => number

/** Σ over the window's taps, at each output position. */
function convolve(x: Host, filter: Host, channels: number, options: ops.ConvOptions, tap: Tap): Host {
  const { stride = 1, padding = 'same', dilation = 1 } = options
  const [h, w] = filter.shape as [number, number]
  const window = [(h - 1) * dilation + 1, (w - 1) * dilation + 1]
  const [down, across] = axes(x.shape, window, stride, padding)
  return build([x.shape[0]!, down.out, across.out, channels], (index) => {
    let sum = 0
    for (let i = 0; i < h; i++) {
      for (let j = 0; j < w; j++) {
        const row = index[1]! * stride - down.before + i * dilation
        const column = index[2]! * stride - across.before + j * dilation
        sum += tap(index, i, j, (channel) => padded(x, [index[0]!, row, column, channel]))
      }
    }
    return sum
  })
}

const conv2d = (x: Host, filter: Host, options: ops.ConvOptions): Host =>
  convolve(x, filter, filter.shape[3]!, options, (index, i, j, value) => {
    let sum = 0
    for (let c = 0; c < x.shape[3]!; c++) sum += value(c) * at(filter, [i, j, c, index[3]!])
    return sum
  })

const depthwise = (x: Host, filter: Host, options: ops.ConvOptions): Host => {
  const times = filter.shape[3]!
  return convolve(x, filter, x.shape[3]! * times, options, (index, i, j, value) => {
    const channel = Math.floor(index[3]! / times)
    return value(channel) * at(filter, [i, j, channel, index[3]! % times])
  })
}

const transposed = (x: Host, filter: Host, size: readonly number[], options: ops.ConvOptions): Host => {
  const { stride = 1, padding = 'same' } = options
  const [h, w, channels] = filter.shape as [number, number, number]
  const [down, across] = axes([1, ...size], [h, w], stride, padding)
  return build([x.shape[0]!, size[0]!, size[1]!, channels], ([b, row, column, o]) => {
    let sum = 0
    for (let i = 0; i < h; i++) {
      for (let j = 0; j < w; j++) {
        const from = [(row! + down.before - i) / stride, (column! + across.before - j) / stride]
        if (!from.every(Number.isInteger)) continue
        for (let c = 0; c < x.shape[3]!; c++) {
          sum += padded(x, [b!, from[0]!, from[1]!, c]) * at(filter, [i, j, o!, c])
        }
      }
    }
    return sum
  })
}

const settings: readonly (readonly [h: number, w: number, options: ops.ConvOptions])[] = [
  [3, 3, {}],
  [2, 2, { padding: 'valid' }],
  [3, 3, { stride: 2 }],
  [3, 3, { stride: 2, padding: 'valid' }],
  [3, 3, { stride: 2, padding: 1 }],
  [3, 3, { padding: 2 }],
  [2, 2, { dilation: 2 }],
  [2, 2, { dilation: 3, padding: 'valid' }],
  [1, 1, { stride: 2 }],
  [3, 3, { stride: 4 }],
  [2, 1, { stride: 3 }],
  [1, 3, { padding: 0 }],
  [3, 1, { stride: 2, padding: 1 }],
  [2, 3, { dilation: 2, padding: 2 }],
]

const images = spread([2, 5, 4, 2])

const convolutions = settings.flatMap(([h, w, options]) => {
  const label = `${h}×${w} ${JSON.stringify(options)}`
  return [
    opCase(
      'conv2d',
      label,
      [images, spread([h, w, 2, 2], -1, 1, 1)],
      (x, f) => ops.conv2d(x!, f!, options),
      (x, f) => conv2d(x!, f!, options),
    ),
    opCase(
      'depthwiseConv2d',
      label,
      [images, spread([h, w, 2, 2], -1, 1, 1)],
      (x, f) => ops.depthwiseConv2d(x!, f!, options),
      (x, f) => depthwise(x!, f!, options),
    ),
  ]
})

const transposedConvolutions = (
  [
    [3, 3, [3, 2], {}],
    [3, 3, [6, 4], { stride: 2 }],
    [3, 3, [5, 3], { stride: 2 }],
    [2, 2, [4, 3], { padding: 'valid' }],
    [3, 3, [7, 5], { stride: 2, padding: 'valid' }],
    [4, 4, [6, 4], { stride: 2, padding: 1 }],
    [2, 2, [11, 8], { stride: 4 }],
    [1, 3, [3, 4], { padding: 0 }],
    [3, 2, [5, 2], { stride: 2, padding: 1 }],
  ] as const
).map(([h, w, to, options]) =>
  opCase(
    'conv2dTranspose',
    `${h}×${w} to ${to} ${JSON.stringify(options)}`,
    [spread([2, 3, 2, 2]), spread([h, w, 3, 2], -1, 1, 1)],
    (x, f) => ops.conv2dTranspose(x!, f!, to, options),
    (x, f) => transposed(x!, f!, to, options),
  ),
)

function pool(x: Host, window: number, options: ops.PoolOptions, f: (values: number[]) => number): Host {
  const { stride = window, padding = 'valid' } = options
  const [down, across] = axes(x.shape, [window, window], stride, padding)
  return build([x.shape[0]!, down.out, across.out, x.shape[3]!], ([b, i, j, c]) => {
    const values: number[] = []
    for (let k = 0; k < window * window; k++) {
      const row = i! * stride - down.before + Math.floor(k / window)
      const column = j! * stride - across.before + (k % window)
      const inside = row >= 0 && column >= 0 && row < x.shape[1]! && column < x.shape[2]!
      if (inside) values.push(at(x, [b!, row, column, c!]))
    }
    return f(values)
  })
}

const pools = (
  [
    [2, {}],
    [3, { stride: 1, padding: 'same' }],
    [3, { stride: 2, padding: 'same' }],
    [3, { stride: 2, padding: 1 }],
    [4, { stride: 1, padding: 'same' }],
    [2, { stride: 1 }],
  ] as const
).flatMap(([window, options]) => {
  const label = `${window}×${window} ${JSON.stringify(options)}`
  const mean = (v: number[]): number => v.reduce((a, b) => a + b, 0) / v.length
  return [
    opCase(
      'avgPool2d',
      label,
      [images],
      (x) => ops.avgPool2d(x!, window, options),
      (x) => pool(x!, window, options, mean),
    ),
    opCase(
      'maxPool2d',
      label,
      [images],
      (x) => ops.maxPool2d(x!, window, options),
      (x) => pool(x!, window, options, (v) => Math.max(...v)),
    ),
  ]
})

/** Images sampled at the sources of each output position. */
function resize(
  x: Host,
  size: readonly number[],
  sources: (i: number, from: number, to: number) => number[],
): Host {
  return build([x.shape[0]!, ...size, x.shape[3]!], ([b, i, j, c]) => {
    const [top, bottom, down] = sources(i!, x.shape[1]!, size[0]!) as [number, number, number]
    const [left, right, along] = sources(j!, x.shape[2]!, size[1]!) as [number, number, number]
    const row = (y: number): number =>
      (1 - along) * at(x, [b!, y, left, c!]) + along * at(x, [b!, y, right, c!])
    return (1 - down) * row(top) + down * row(bottom)
  })
}

const nearest = (i: number, from: number, to: number): number[] => {
  const source = Math.floor((i * from) / to)
  return [source, source, 0]
}

const bilinear = (i: number, from: number, to: number): number[] => {
  const centre = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1)
  return [Math.floor(centre), Math.min(Math.floor(centre) + 1, from - 1), centre % 1]
}

const resizes = (
  [
    [10, 8],
    [3, 2],
    [5, 4],
    [7, 3],
  ] as const
).flatMap((size) => [
  opCase(
    'resizeNearest',
    `5×4 to ${size.join('×')}`,
    [images],
    (x) => ops.resizeNearest(x!, size),
    (x) => resize(x!, size, nearest),
  ),
  opCase(
    'resizeBilinear',
    `5×4 to ${size.join('×')}`,
    [images],
    (x) => ops.resizeBilinear(x!, size),
    (x) => resize(x!, size, bilinear),
  ),
])

export const imageCases: readonly OpCase[] = [
  ...convolutions,
  ...transposedConvolutions,
  ...pools,
  ...resizes,
]
