import type { Tensor } from '../../../types'
import * as ops from '../..'
import type { OpName } from '../case'
import { build, type Host, host } from '../host'
import { INF, NAN, type SpecialCase } from './case'

/** Images `[1, 4, 4, channels]` of 1, …, 16, with one other value at row 1, column 1 of channel 0. */
const imageWith = (value: number, channels = 1): Host =>
  build([1, 4, 4, channels], ([, i, j, c]) => (i === 1 && j === 1 && c === 0 ? value : 4 * i! + j! + 1))

/** Where a window that starts at (i, j) holds row 1, column 1. */
const meets = (i: number, j: number, window: number): boolean =>
  i <= 1 && i + window > 1 && j <= 1 && j + window > 1

const values = [NAN, INF, -INF]

/** The sum of 1, …, 16 over a window inside the image. */
const sumOver = (i: number, j: number, window: number): number => {
  let sum = 0
  for (let k = 0; k < window * window; k++) sum += 4 * (i + Math.floor(k / window)) + j + (k % window) + 1
  return sum
}

interface Windowed {
  readonly op: OpName
  readonly label: string
  readonly run: (x: Tensor) => Tensor
  readonly window: number
  readonly channels?: number
  /** Of the window's sum of ordinary values. */
  readonly value: (sum: number, window: number) => number
}

const filter = (h: number, channels: number, out: number): Tensor => ops.ones([h, h, channels, out])

const windowed: readonly Windowed[] = [
  ...[1, 2, 3].flatMap((window) => [
    {
      op: 'conv2d' as const,
      label: `${window}×${window}, one channel`,
      run: (x: Tensor) => ops.conv2d(x, filter(window, 1, 1), { padding: 'valid' }),
      window,
      value: (sum: number) => sum,
    },
    {
      op: 'depthwiseConv2d' as const,
      label: `${window}×${window}`,
      run: (x: Tensor) => ops.depthwiseConv2d(x, filter(window, 1, 1), { padding: 'valid' }),
      window,
      value: (sum: number) => sum,
    },
    {
      op: 'avgPool2d' as const,
      label: `${window}×${window}`,
      run: (x: Tensor) => ops.avgPool2d(x, window, { stride: 1 }),
      window,
      value: (sum: number) => sum / window ** 2,
    },
  ]),
  ...[1, 3].map((window) => ({
    op: 'conv2d' as const,
    label: `${window}×${window}, three channels to one`,
    run: (x: Tensor) => ops.conv2d(x, filter(window, 3, 1), { padding: 'valid' }),
    window,
    channels: 3,
    value: (sum: number) => 3 * sum,
  })),
]

const windowedCases = windowed.flatMap(({ op, label, run, window, channels = 1, value }) =>
  values.map((special): SpecialCase => {
    const size = 5 - window
    return {
      op,
      label: `${label}, one pixel ${special}`,
      inputs: [imageWith(special, channels)],
      run,
      value: build([1, size, size, 1], ([, i, j]) =>
        meets(i!, j!, window) ? special : value(sumOver(i!, j!, window), window),
      ),
    }
  }),
)

/** The largest of each 2×2 window with stride 1 is its last entry, unless the value is larger or NaN. */
const maxPools = values.map(
  (special): SpecialCase => ({
    op: 'maxPool2d',
    label: `one pixel ${special}`,
    inputs: [imageWith(special)],
    run: (x) => ops.maxPool2d(x, 2, { stride: 1 }),
    value: build([1, 3, 3, 1], ([, i, j]) => {
      const last = 4 * (i! + 1) + j! + 2
      if (!meets(i!, j!, 2)) return last
      return i === 0 && j === 0 && special === -INF ? 5 : Math.max(special, i === 0 && j === 0 ? 5 : last)
    }),
  }),
)

const flat = (value: number): SpecialCase => ({
  op: 'maxPool2d',
  label: `all pixels ${value}`,
  inputs: [host([1, 2, 2, 1], [value, value, value, value])],
  run: (x) => ops.maxPool2d(x, 3, { stride: 1, padding: 'same' }),
  value: host([1, 2, 2, 1], [value, value, value, value]),
})

/** A 1×2 filter over a zero at either side of [1, 2]. */
const border = (first: number, value: readonly number[]): SpecialCase => ({
  op: 'conv2d',
  label: `a weight ${first} meets the padding`,
  inputs: [host([1, 1, 2, 1], [1, 2]), host([1, 3, 1, 1], [first, 1, 1])],
  run: (x, weights) => ops.conv2d(x!, weights!),
  value: host([1, 1, 2, 1], value),
})

const depthwiseBorder = ({ inputs, label, value }: SpecialCase): SpecialCase => ({
  op: 'depthwiseConv2d',
  label,
  inputs,
  run: (x, weights) => ops.depthwiseConv2d(x!, weights!),
  value,
})

const borders = [border(NAN, [NAN, NAN]), border(INF, [NAN, INF])]

/** A NaN pixel, taken twice as large: each output pixel that it has a weight in, and no other. */
const resizes = values.flatMap((special): SpecialCase[] => [
  {
    op: 'resizeNearest',
    label: `one pixel ${special}`,
    inputs: [imageWith(special)],
    run: (x) => ops.resizeNearest(x, [8, 8]),
    value: build([1, 8, 8, 1], ([, i, j]) =>
      i! >> 1 === 1 && j! >> 1 === 1 ? special : 4 * (i! >> 1) + (j! >> 1) + 1,
    ),
  },
  {
    op: 'resizeBilinear',
    label: `one pixel ${special}, of one size`,
    inputs: [imageWith(special)],
    run: (x) => ops.resizeBilinear(x, [4, 4]),
    value: imageWith(special),
  },
  {
    op: 'resizeBilinear',
    label: `one pixel ${special}, twice as large`,
    inputs: [host([1, 1, 3, 1], [special, 1, 2])],
    run: (x) => ops.resizeBilinear(x, [1, 6]),
    value: host([1, 1, 6, 1], [special, special, special, 1.25, 1.75, 2]),
  },
])

/** Where a place of an axis of `to` lies between pixels of one of `from`, times 2 · to: a whole number. */
const placeOf = (i: number, from: number, to: number): number =>
  Math.min(Math.max((2 * i + 1) * from - to, 0), 2 * to * (from - 1))

/** Pixels 1, −1, 1, …: a place a part p beyond a pixel has 1 − 2p of that pixel. */
const alternating = ([from, to]: readonly [number, number]): SpecialCase => ({
  op: 'resizeBilinear',
  label: `${from} pixels of either sign to ${to}`,
  inputs: [build([1, 1, from, 1], ([, , i]) => 1 - 2 * (i! % 2))],
  run: (x) => ops.resizeBilinear(x!, [1, to]),
  value: build([1, 1, to, 1], ([, , i]) => {
    const place = placeOf(i!, from, to)
    return (1 - 2 * (Math.floor(place / (2 * to)) % 2)) * (1 - (place % (2 * to)) / to)
  }),
})

const longLines = ([[999, 1000], [1000, 757], [3, 1000]] as const).map(alternating) // biome-ignore format: pairs

export const imageCases: readonly SpecialCase[] = [
  ...windowedCases,
  ...maxPools,
  ...[-INF, NAN, Math.fround(-1e30)].map(flat),
  ...borders,
  ...borders.map(depthwiseBorder),
  ...resizes,
  ...longLines,
]
