import { type ConvOptions, compile, conv2d, grad, key, mul, normal, sum, type Tensor } from '@sgm/tensor'
import { expect, it } from 'vitest'
import { onnx } from './executor'

type Images = readonly [batch: number, size: number, channels: number, filters: number, taps: number]

/** The filter's gradient of Σ w · conv(x, f), compiled and eager, for images large enough to be multiplied one by one. */
it.each<[string, Images, ConvOptions]>([
  ['stride 1, padded', [2, 17, 9, 5, 3], { padding: 'same' }],
  ['stride 1, not padded', [2, 18, 9, 5, 3], { padding: 'valid' }],
  ['stride 2: rows of taps 0 and 2 share windows', [2, 33, 9, 5, 3], { stride: 2, padding: 'same' }],
  ['stride 3', [1, 50, 8, 4, 5], { stride: 3, padding: 'valid' }],
  ['dilation 2', [2, 20, 9, 5, 3], { dilation: 2, padding: 'same' }],
  ['padding by number', [2, 16, 9, 5, 3], { padding: 2 }],
  ['one tap', [2, 16, 70, 5, 1], {}],
  ['one channel', [3, 18, 1, 6, 3], { padding: 'valid' }],
  ['few channels, stride 2', [2, 34, 3, 6, 3], { stride: 2, padding: 'same' }],
  ['small images', [3, 6, 5, 4, 3], { padding: 'same' }],
  ['small images, stride 2', [3, 9, 5, 4, 3], { stride: 2, padding: 'valid' }],
  ['small images, one tap', [3, 4, 5, 4, 1], {}],
])('%s', async (_name, [batch, size, channels, filters, taps], options) => {
  const x = normal(key(0), [batch, size, size, channels])
  const filter = normal(key(1), [taps, taps, channels, filters])
  const w = normal(key(2), conv2d(x, filter, options).shape)
  const gradient = (x: Tensor, filter: Tensor): Tensor =>
    grad((f: Tensor) => sum(mul(conv2d(x, f, options), w)))(filter)
  const compiled = compile(gradient, { executor: onnx({ threads: 1 }) })
  const [got, wanted] = [await (await compiled(x, filter)).data(), await gradient(x, filter).data()]
  const scale = Math.max(...wanted.map(Math.abs))
  expect(got.length).toBe(wanted.length)
  got.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!) / scale, `entry ${i}`).toBeLessThan(5e-6)
  })
  await compiled.dispose()
})
