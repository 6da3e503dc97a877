import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { grad, mul, sum, type Tensor, tanh, tensor } from '../..'
import { repairGradients } from '.'

const points = [-3.2, -1.7, -0.6, -0.1, 0.3, 0.9, 1.5, 2.8]

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** f′ and f″ of what users build layers from, called straight from tfjs. */
const activations: Record<string, [(x: tf.Tensor) => tf.Tensor, (x: number) => [number, number]]> = {
  tanh: [tf.tanh, (x) => [1 - Math.tanh(x) ** 2, -2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2)]],
  sigmoid: [
    tf.sigmoid,
    (x) => [sigmoid(x) * (1 - sigmoid(x)), sigmoid(x) * (1 - sigmoid(x)) * (1 - 2 * sigmoid(x))],
  ],
  exp: [tf.exp, (x) => [Math.exp(x), Math.exp(x)]],
  elu: [tf.elu, (x) => (x > 0 ? [1, 0] : [Math.exp(x), Math.exp(x)])],
  selu: [
    tf.selu,
    (x) =>
      x > 0 ? [1.0507009873554805, 0] : [1.7580993408473768 * Math.exp(x), 1.7580993408473768 * Math.exp(x)],
  ],
  logSigmoid: [tf.logSigmoid, (x) => [sigmoid(-x), -sigmoid(x) * sigmoid(-x)]],
  softplus: [tf.softplus, (x) => [sigmoid(x), sigmoid(x) * sigmoid(-x)]],
}

test.each(Object.entries(activations))(
  'tf.%s has its first and second derivative',
  async (_name, [f, truth]) => {
    const x = tf.tensor1d(points)
    const first = tf.grad((x) => tf.sum(f(x)))
    const second = tf.grad((x) => tf.sum(first(x)))
    const [f1, f2] = [await first(x).data(), await second(x).data()]
    points.forEach((point, i) => {
      const [t1, t2] = truth(point)
      expect(f1[i]).toBeCloseTo(t1, 4)
      expect(f2[i]).toBeCloseTo(t2, 4)
    })
  },
)

test('the mixed derivative of tanh(wx) is exact', async () => {
  const score = (w: Tensor) => grad((x) => sum(tanh(mul(w, x))))(tensor([0.7]))
  const [mixed] = await grad((w) => sum(score(w)))(tensor([0.5])).data()
  expect(mixed).toBeCloseTo(0.678, 3)
})

test('repairing twice changes nothing', () => {
  const before = tf.getGradient(tf.Pow)
  const tape = (tf.engine() as unknown as { addTapeNode: unknown }).addTapeNode
  repairGradients()
  expect(tf.getGradient(tf.Pow)).toBe(before)
  expect((tf.engine() as unknown as { addTapeNode: unknown }).addTapeNode).toBe(tape)
})
