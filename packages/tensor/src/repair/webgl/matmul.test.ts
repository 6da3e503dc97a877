import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import '../..'

/** Ones made by a kernel, which on WebGL leaves ones beyond the last row and column too. */
const ones = (shape: number[]): tf.Tensor4D => tf.add(tf.zeros(shape), 1)

const values = async (x: tf.Tensor): Promise<number[]> => [...new Set(await x.data())]

test.each([1, 3, 4, 33])('sums over %i entries stop at the last', async (n) => {
  const products = [
    tf.matMul(ones([40, n]), ones([n, 40])),
    tf.matMul(ones([n, 40]), ones([40, n]), true, true),
    tf.matMul(ones([2, 20, n]), ones([2, n, 20])),
    tf.conv2d(ones([1, 6, 6, n]), ones([1, 1, n, 2]), 1, 'valid'),
    tf.conv2dTranspose(ones([1, 6, 6, n]), ones([1, 1, 2, n]), [1, 6, 6, 2], 1, 'valid'),
  ]
  for (const product of products) expect(await values(product)).toEqual([n])
})

test('an odd number of channels is summed once under every tap', async () => {
  const y = tf.conv2dTranspose(ones([1, 8, 8, 5]), ones([3, 3, 5, 5]), [1, 8, 8, 5], 1, 'same')
  expect((await values(y)).sort((a, b) => a - b)).toEqual([20, 30, 45])
})
