import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { type Tensor, tensor } from '..'
import * as ops from '.'

const x = (): Tensor => ops.zeros([2, 3])
const images = (): Tensor => ops.zeros([1, 4, 4, 2])

/** Each misuse says which op, what it expects and what it got. */
const misuses: readonly (readonly [() => unknown, string])[] = [
  [() => ops.add(x(), ops.zeros([4])), 'add: expected shapes that broadcast, got [2, 3] and [4]'],
  [() => ops.exp(3 as unknown as Tensor), 'exp: expected a tensor, got 3'],
  [() => ops.relu(undefined as unknown as Tensor), 'relu: expected a tensor, got undefined'],
  [() => ops.clip(x(), 2, 1), 'clip: expected low <= high, got 2 and 1'],
  [
    () => ops.clip(ops.ones([2], 'int32'), -0.5, 1),
    'clip: expected integers of 32 bits for dtype int32, got -0.5',
  ],
  [
    () => ops.pad(ops.ones([2], 'int32'), [[1, 1]], 0.5),
    'pad: expected integers of 32 bits for dtype int32, got 0.5',
  ],
  [() => ops.pad(ops.ones([2], 'bool'), [[1, 1]], 3), 'pad: expected 0 or 1 for dtype bool, got 3'],
  [
    () =>
      ops.pad(x(), [
        [0, 0],
        [0.5, 0],
      ]),
    'pad: expected 2 pairs of integers >= 0, got [[0, 0], [0.5, 0]]',
  ],
  [() => ops.slice(x(), [0.5, 0], [1, 1]), 'slice: expected a block inside [2, 3], got [0.5, 0] + [1, 1]'],
  [() => ops.splitAxis(x(), -1), 'splitAxis: expected sizes that add to 2, got -1'],
  [() => ops.all(x()), 'all: expected a bool tensor, got dtype float32'],
  [() => ops.any(ops.ones([2], 'int32')), 'any: expected a bool tensor, got dtype int32'],
  [() => ops.cast(x(), 'float64' as never), 'cast: expected dtype float32, int32, bool, got float64'],
  [() => ops.exp(tf.tensor(['a']) as never), 'exp: expected float32, int32 or bool, got dtype string'],
  [() => ops.logicalNot(x()), 'logicalNot: expected a bool tensor, got dtype float32'],
  [() => ops.where(x(), 1, 2), 'where: expected a bool tensor, got dtype float32'],
  [() => ops.softmax(x(), 2), 'softmax: expected axis to be an integer in [-2, 1], got 2'],
  [() => ops.sum(x(), [0, 0]), 'sum: expected each axis once, got [0, 0]'],
  [() => ops.sum(x(), 0.5), 'sum: expected axis to be an integer in [-2, 1], got 0.5'],
  [() => ops.sumRows(ops.scalar(1)), 'sumRows: expected a tensor with a batch axis, got a scalar'],
  [() => ops.reshape(x(), [4]), 'reshape: expected a shape of 6 values, got [4]'],
  [() => ops.reshape(x(), [-1, -1]), 'reshape: expected a shape of 6 values, got [-1, -1]'],
  [() => ops.transpose(x(), [0]), 'transpose: expected 2 axes, got [0]'],
  [() => ops.squeeze(x(), 0), 'squeeze: expected axes of size 1 in shape [2, 3], got [0]'],
  [() => ops.concat([]), 'concat: expected at least one tensor, got none'],
  [
    () => ops.concat([x(), ops.zeros([2, 4])]),
    'concat: expected shapes equal to [2, 3] but on axis 0, got [2, 4]',
  ],
  [() => ops.stack([]), 'stack: expected at least one tensor, got none'],
  [() => ops.splitAxis(x(), 2, 1), 'splitAxis: expected sizes that add to 3, got 2'],
  [() => ops.splitAxis(x(), [1, 1], 1), 'splitAxis: expected sizes that add to 3, got [1, 1]'],
  [() => ops.slice(x(), [0, 2], [2, 2]), 'slice: expected a block inside [2, 3], got [0, 2] + [2, 2]'],
  [() => ops.pad(x(), [[1, -1]]), 'pad: expected 2 pairs of integers >= 0, got [[1, -1]]'],
  [() => ops.tile(x(), [0, 1]), 'tile: expected 2 integers >= 1, got [0, 1]'],
  [() => ops.broadcastTo(x(), [3]), 'broadcastTo: expected a shape that [2, 3] stretches to, got [3]'],
  [() => ops.oneHot(tensor([1], [1], 'int32'), 0), 'oneHot: expected depth to be an integer >= 1, got 0'],
  [() => ops.alignRows(x(), x()), 'alignRows: expected shape [B], got [2, 3]'],
  [() => ops.matMul(x(), x()), 'matMul: expected shapes [..., m, k] and [..., k, n], got [2, 3] and [2, 3]'],
  [
    () => ops.dotRows(x(), ops.zeros([2, 2])),
    'dotRows: expected two tensors of one shape [B, ...], got [2, 3] and [2, 2]',
  ],
  [
    () => ops.conv2d(x(), ops.zeros([3, 3, 2, 1])),
    'conv2d: expected images of shape [B, H, W, C], got [2, 3]',
  ],
  [
    () => ops.conv2d(images(), ops.zeros([3, 3, 1, 1])),
    'conv2d: expected a filter with 2 channels on axis 2, got [3, 3, 1, 1]',
  ],
  [
    () => ops.conv2d(images(), ops.zeros([3, 3, 2, 1]), { stride: 0 }),
    'conv2d: expected stride to be an integer >= 1, got 0',
  ],
  [
    () => ops.conv2d(images(), ops.zeros([3, 3, 2, 1]), { padding: -1 }),
    "conv2d: expected padding to be 'same', 'valid' or an integer >= 0, got -1",
  ],
  [
    () => ops.conv2d(images(), ops.zeros([3, 3, 2, 1]), { stride: 2, dilation: 2 }),
    'conv2d: expected stride or dilation to be 1, got 2 and 2',
  ],
  [() => ops.maxPool2d(x(), 2), 'maxPool2d: expected images of shape [B, H, W, C], got [2, 3]'],
  [
    () => ops.resizeBilinear(x(), [2, 2]),
    'resizeBilinear: expected images of shape [B, H, W, C], got [2, 3]',
  ],
  [
    () => ops.conv2dTranspose(images(), ops.zeros([3, 3, 1, 2]), [6, 6], { stride: 2 }),
    'conv2dTranspose: expected an output size that the convolution maps to 4 × 4, got 6 × 6',
  ],
  [
    () => ops.conv2d(images(), ops.zeros([3, 3, 2, 1]), { dilation: 2, padding: 'valid' }),
    'conv2d: expected images of at least 5 × 5, got 4 × 4',
  ],
  [
    () => ops.depthwiseConv2d(images(), ops.zeros([1, 7, 2, 1]), { padding: 1 }),
    'depthwiseConv2d: expected images of at least 1 × 5, got 4 × 4',
  ],
  [() => ops.avgPool2d(images(), 5), 'avgPool2d: expected images of at least 5 × 5, got 4 × 4'],
  [() => ops.maxPool2d(images(), 2, { padding: 2 }), 'maxPool2d: expected padding < window = 2, got 2'],
  [() => ops.avgPool2d(images(), 0), 'avgPool2d: expected window to be an integer >= 1, got 0'],
  [
    () => ops.maxPool2d(images(), 2, { stride: 0.5 }),
    'maxPool2d: expected stride to be an integer >= 1, got 0.5',
  ],
  [() => ops.resizeNearest(images(), [0, 2]), 'resizeNearest: expected height to be an integer >= 1, got 0'],
  [() => ops.gather(x(), ops.zeros([2])), 'gather: expected int32 indices, got dtype float32'],
  [() => ops.oneHot(ops.zeros([2]), 3), 'oneHot: expected int32 indices, got dtype float32'],
  [
    () => ops.matMul(ops.zeros([2, 1, 1]), ops.zeros([3, 1, 1])),
    'matMul: expected shapes that broadcast, got [2] and [3]',
  ],
  [() => ops.tensor([1, 2, 3], [2]), 'tensor: expected 2 values for shape [2], got 3'],
  [() => ops.tensor([[1, 2], [3]]), 'tensor: expected 2 entries in every row at depth 1, got 1'],
  [() => ops.zeros([-1]), 'zeros: expected a shape of integers >= 0, got [-1]'],
  [() => ops.linspace(0, 1, 0), 'linspace: expected count to be an integer >= 1, got 0'],
  [() => ops.range(0, 1, 0), 'range: expected a finite step other than 0, got 0'],
]

test.each(misuses.map(([use, message]) => [message, use] as const))('%s', (message, use) => {
  expect(use).toThrow(message)
})
