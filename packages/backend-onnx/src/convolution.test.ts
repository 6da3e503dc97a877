import {
  type ConvOptions,
  compile,
  conv2d,
  depthwiseConv2d,
  grad,
  key,
  mul,
  normal,
  sum,
  type Tensor,
} from '@sgm/tensor'
import { expect, it } from 'vitest'
import { onnx } from './executor'

type Images = readonly [batch: number, size: number, channels: number, filters: number, taps: number]

/** Sizes for every way in which a convolution and its two gradients are written: by places, channels and strides. */
const cases: [string, Images, ConvOptions][] = [
  ['one by one: stride 1, padded', [2, 17, 9, 5, 3], { padding: 'same' }],
  ['one by one: stride 1, not padded', [2, 18, 9, 5, 3], { padding: 'valid' }],
  ['one by one: stride 2, taps 0 and 2 share windows', [2, 33, 9, 5, 3], { stride: 2, padding: 'same' }],
  ['one by one: stride 3', [1, 50, 8, 4, 5], { stride: 3, padding: 'valid' }],
  ['one by one: dilation 2', [2, 20, 9, 5, 3], { dilation: 2, padding: 'same' }],
  ['one by one: padding by number', [2, 16, 9, 5, 3], { padding: 2 }],
  ['one by one: one tap', [2, 16, 70, 5, 1], {}],
  ['few channels: one', [3, 18, 1, 6, 3], { padding: 'valid' }],
  ['few channels: one, many filters', [2, 18, 1, 40, 3], { padding: 'same' }],
  ['few channels: three, stride 2', [2, 34, 3, 6, 3], { stride: 2, padding: 'same' }],
  ['by rows', [3, 6, 5, 4, 3], { padding: 'same' }],
  ['by rows: stride 2', [3, 9, 5, 4, 3], { stride: 2, padding: 'valid' }],
  ['by rows: dilation 2', [3, 9, 5, 4, 3], { dilation: 2, padding: 'valid' }],
  ['by rows: one tap', [3, 4, 5, 4, 1], {}],
  ['blocks of channels', [2, 9, 16, 32, 3], { padding: 'same' }],
  ['blocks of channels: not padded', [2, 9, 32, 16, 3], { padding: 'valid' }],
  ['blocks of channels: stride 2', [2, 9, 32, 48, 3], { stride: 2, padding: 'same' }],
  ['blocks of channels: dilation 2', [2, 9, 16, 16, 3], { dilation: 2, padding: 'same' }],
  ['blocks of channels: an even filter', [1, 8, 32, 16, 4], { padding: 'same' }],
  ['blocks of channels: padding by number', [1, 8, 16, 16, 5], { padding: 3 }],
  ['small', [3, 5, 5, 4, 3], { padding: 'valid' }],
  ['small: stride 2, padded', [3, 5, 5, 4, 3], { stride: 2, padding: 'same' }],
  ['small: dilation 2', [2, 7, 3, 4, 3], { dilation: 2, padding: 'valid' }],
  ['small: one place', [2, 1, 3, 4, 3], { padding: 'same' }],
]

async function expectEqual(
  fn: (x: Tensor, filter: Tensor) => Record<string, Tensor>,
  x: Tensor,
  filter: Tensor,
) {
  const compiled = compile(fn, { executor: onnx({ threads: 1 }) })
  const [got, wanted] = [await compiled(x, filter), fn(x, filter)]
  for (const [name, tensor] of Object.entries(wanted)) {
    const [values, truth] = [await got[name]!.data(), await tensor.data()]
    const scale = Math.max(...truth.map(Math.abs))
    expect(got[name]!.shape).toEqual(tensor.shape)
    values.forEach((value, i) => {
      expect(Math.abs(value - truth[i]!) / scale, `${name}, entry ${i}`).toBeLessThan(5e-6)
    })
  }
  await compiled.dispose()
}

const withGradients =
  (conv: typeof conv2d, options: ConvOptions, w: Tensor) => (x: Tensor, filter: Tensor) => {
    const weighted = ([y, f]: readonly Tensor[]): Tensor => sum(mul(conv(y!, f!, options), w))
    const [byX, byFilter] = grad(weighted)([x, filter]) as [Tensor, Tensor]
    return { value: conv(x, filter, options), byX, byFilter }
  }

it.each(cases)('%s', async (_name, [batch, size, channels, filters, taps], options) => {
  const x = normal(key(0), [batch, size, size, channels])
  const filter = normal(key(1), [taps, taps, channels, filters])
  const w = normal(key(2), conv2d(x, filter, options).shape)
  await expectEqual(withGradients(conv2d, options, w), x, filter)
})

it('depthwise', async () => {
  const [x, filter] = [normal(key(0), [2, 9, 9, 3]), normal(key(1), [3, 3, 3, 2])]
  const w = normal(key(2), [2, 5, 5, 6])
  await expectEqual(withGradients(depthwiseConv2d, { stride: 2 }, w), x, filter)
})

it('rows of the filter that meet none of the image', async () => {
  const [x, filter] = [normal(key(0), [2, 2, 40, 9]), normal(key(1), [3, 3, 9, 5])]
  const w = normal(key(2), [2, 2, 40, 5])
  await expectEqual(withGradients(conv2d, { dilation: 4, padding: 'same' }, w), x, filter)
})
