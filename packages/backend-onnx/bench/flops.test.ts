import {
  conv2d,
  depthwiseConv2d,
  grad,
  key,
  matMul,
  normal,
  square,
  sum,
  type Tensor,
  tanh,
} from '@sgm/tensor'
import { expect, test } from 'vitest'
import { flops } from './flops'

const draw = (...shape: number[]): Tensor => normal(key(0), shape)
const product = (a: Tensor, b: Tensor): Tensor => tanh(matMul(a, b))
const turned = (a: Tensor, b: Tensor): Tensor => matMul(a, b, { transposeA: true })
const conv = (x: Tensor, filter: Tensor): Tensor => conv2d(x, filter, { stride: 2, padding: 'valid' })
const depthwise = (x: Tensor, filter: Tensor): Tensor => depthwiseConv2d(x, filter, { padding: 'valid' })
const gradients =
  (fn: typeof conv) =>
  (x: Tensor, filter: Tensor): Tensor[] =>
    grad(([a, b]: readonly Tensor[]) => sum(square(fn(a!, b!))))([x, filter]) as Tensor[]

/** Images 7×7 give 3×3 places at stride 2 and 5×5 at stride 1. */
const image = draw(2, 7, 7, 4)

test.each([
  ['a product', product, [draw(2, 3, 4), draw(2, 4, 5)], 2 * 2 * 3 * 4 * 5],
  ['a product with one side turned', turned, [draw(4, 3), draw(4, 5)], 2 * 3 * 4 * 5],
  ['a convolution', conv, [image, draw(3, 3, 4, 5)], 2 * (2 * 3 * 3) * 5 * (3 * 3 * 4)],
  ['its gradients too', gradients(conv), [image, draw(3, 3, 4, 5)], 3 * 2 * (2 * 3 * 3) * 5 * (3 * 3 * 4)],
  ['a depthwise convolution', depthwise, [image, draw(3, 3, 4, 2)], 2 * (2 * 5 * 5) * 8 * (3 * 3)],
  [
    'its gradients too, depthwise',
    gradients(depthwise),
    [image, draw(3, 3, 4, 2)],
    3 * 2 * (2 * 5 * 5) * 8 * (3 * 3),
  ],
] as [string, (...args: Tensor[]) => unknown, Tensor[], number][])('%s', async (_name, fn, args, wanted) => {
  expect(await flops(fn, args)).toBe(wanted)
})
