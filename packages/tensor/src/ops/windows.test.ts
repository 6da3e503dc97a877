import { describe, expect, test } from 'vitest'
import { type Tensor, tensor } from '..'
import * as ops from '.'

/** One axis of an image and of a filter: how many pixels, how many taps. */
type Axis = readonly [size: number, taps: number]

const axes: readonly Axis[] = [
  [2, 1],
  [2, 3],
  [5, 2],
  [7, 3],
]

const paddings: readonly ops.Padding[] = ['same', 'valid', 1]

/** For each place of the window, the pixels that its taps meet, by TensorFlow's rule; NaN outside of the image. */
function places([size, taps]: Axis, stride: number, padding: ops.Padding): number[][] {
  const count =
    padding === 'same'
      ? Math.ceil(size / stride)
      : Math.floor((size - taps + (padding === 'valid' ? 0 : 2 * padding)) / stride) + 1
  const missing = Math.max((count - 1) * stride + taps - size, 0)
  const before = padding === 'same' ? Math.floor(missing / 2) : padding === 'valid' ? 0 : padding
  return Array.from({ length: Math.max(count, 0) }, (_, place) =>
    Array.from({ length: taps }, (_, tap) => {
      const pixel = place * stride - before + tap
      return pixel >= 0 && pixel < size ? pixel : Number.NaN
    }),
  )
}

const inside = (pixels: readonly number[]): number[] => pixels.filter((pixel) => !Number.isNaN(pixel))
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
const ramp = (length: number): number[] => Array.from({ length }, (_, i) => i + 1)
const outer = (a: readonly number[], b: readonly number[]): number[] => a.flatMap((x) => b.map((y) => x * y))

/** Σ over the taps of (tap + 1)(pixel + 1): what a ramp gives under a ramp of weights. */
const weighed = (pixels: readonly number[]): number =>
  sum(pixels.map((pixel, tap) => (Number.isNaN(pixel) ? 0 : (tap + 1) * (pixel + 1))))

/** Every stride and padding under which the window has a place. */
const layouts = (rows: Axis, columns: Axis) =>
  [1, 2, 4].flatMap((stride) =>
    paddings.flatMap((padding) => {
      const down = places(rows, stride, padding)
      const across = places(columns, stride, padding)
      return down.length * across.length === 0 ? [] : [{ rows, columns, stride, padding, down, across }]
    }),
  )

const title = 'image [$rows.0, $columns.0], window [$rows.1, $columns.1], stride $stride, padding $padding'

describe.each(axes.flatMap((rows, i) => layouts(rows, axes[(i + 1) % axes.length]!)))(
  title,
  ({ rows, columns, stride, padding, down, across }) => {
    const [[h, fh], [w, fw]] = [rows, columns]
    const options = { stride, padding }
    const filter = (): Tensor => tensor(outer(ramp(fh), ramp(fw)), [fh, fw, 1, 1])
    const shape = [1, down.length, across.length, 1]

    test.each([
      ['conv2d', ops.conv2d],
      ['depthwiseConv2d', ops.depthwiseConv2d],
    ] as const)('%s weighs the pixels that its taps meet', async (_name, op) => {
      const y = op(tensor(outer(ramp(h), ramp(w)), [1, h, w, 1]), filter(), options)
      expect(y.shape).toEqual(shape)
      expect([...(await y.data())]).toEqual(outer(down.map(weighed), across.map(weighed)))
    })

    test('conv2dTranspose hands each pixel what the taps that met it hold', async () => {
      const back = (at: readonly number[][], size: number): number[] =>
        Array.from({ length: size }, (_, pixel) =>
          sum(at.map((pixels, place) => (place + 1) * (pixels.indexOf(pixel) + 1))),
        )
      const dy = tensor(outer(ramp(down.length), ramp(across.length)), shape)
      const x = ops.conv2dTranspose(dy, filter(), [h, w], options)
      expect([...(await x.data())]).toEqual(outer(back(down, h), back(across, w)))
    })
  },
)

const pooled = [...layouts([5, 2], [7, 2]), ...layouts([3, 3], [8, 3])]

describe.each(pooled)(title, ({ rows: [h, window], columns: [w], stride, padding, down, across }) => {
  const image = (): Tensor => tensor(outer(ramp(h), ramp(w)), [1, h, w, 1])
  const largest = (pixels: readonly number[]): number => Math.max(...inside(pixels)) + 1
  const mean = (pixels: readonly number[]): number => sum(inside(pixels)) / inside(pixels).length + 1

  test('maxPool2d takes the largest pixel inside the image', async () => {
    const y = ops.maxPool2d(image(), window, { stride, padding })
    expect([...(await y.data())]).toEqual(outer(down.map(largest), across.map(largest)))
  })

  test('avgPool2d takes the mean of the pixels inside the image', async () => {
    const got = await ops.avgPool2d(image(), window, { stride, padding }).data()
    const wanted = outer(down.map(mean), across.map(mean))
    expect(got.length).toBe(wanted.length)
    for (const [i, value] of wanted.entries()) expect(got[i]).toBeCloseTo(value, 4)
  })
})

test('a window that stops short of the image leaves the rest out', async () => {
  const y = ops.conv2d(ops.ones([1, 28, 28, 1]), ops.ones([3, 3, 1, 1]), { stride: 4 })
  expect(y.shape).toEqual([1, 7, 7, 1])
  expect(new Set(await y.data())).toEqual(new Set([9]))
})

test('a number pads each side by itself, whatever the filter', async () => {
  const x = ops.reshape(ops.range(1, 17), [1, 4, 4, 1])
  const y = ops.conv2d(x, ops.ones([1, 3, 1, 1]), { padding: 0 })
  expect(y.shape).toEqual([1, 4, 2, 1])
  expect([...(await y.data())]).toEqual([6, 9, 18, 21, 30, 33, 42, 45])
})
