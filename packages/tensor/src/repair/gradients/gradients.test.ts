import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { add, grad, mul, sum, type Tensor, tanh, tensor } from '../..'
import { type Host, spread } from '../../ops/contract/host'
import { expectNoLeaks } from '../../testing'
import { repairGradients } from '.'

/** Directional derivatives of a raw tfjs function, and by central differences of float32 values. */
async function expectDerivatives(f: (x: tf.Tensor) => tf.Tensor, shape: readonly number[]): Promise<void> {
  const at = ({ data, shape }: Host): tf.Tensor => tf.tensor([...data], [...shape])
  const [x, v, w] = [0, 1, 2].map((phase) => at(spread(shape, -1, 1, phase))) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ]
  const curved = (x: tf.Tensor): tf.Tensor => tf.sum(tf.square(tf.add(f(x), 1)))
  const slope = (x: tf.Tensor): tf.Tensor => tf.sum(tf.mul(tf.grad(curved)(x), v))
  const difference = async (g: (x: tf.Tensor) => tf.Tensor, along: tf.Tensor): Promise<number> => {
    const step = 1 / 64
    const ends = [step, -step].map((by) => g(tf.add(x, tf.mul(along, by))).data())
    const [high, low] = await Promise.all(ends)
    return (high![0]! - low![0]!) / (2 * step)
  }
  const [first] = await slope(x).data()
  const [second] = await tf.sum(tf.mul(tf.grad(slope)(x), w)).data()
  // A step of 2⁻⁶ leaves h²·f‴/6 of truncation and 2⁻²⁴·f/h of rounding.
  const near = (got: number, wanted: number): void =>
    expect(Math.abs(got - wanted), `got ${got}, wanted ${wanted}`).toBeLessThan(3e-3 * (1 + Math.abs(wanted)))
  near(first!, await difference(curved, v))
  near(second!, await difference(slope, w))
}

const labels = [
  [0.2, 0.3, 0.5],
  [0, 2, 1],
]

test.each<[string, (x: tf.Tensor) => tf.Tensor, readonly number[]]>([
  ['logSigmoid of an intermediate', (x) => tf.logSigmoid(tf.mul(x, 2)), [4]],
  ['logSoftmax', (x) => tf.logSoftmax(tf.mul(x, 2)), [2, 3]],
  ['softmaxCrossEntropy by logits', (x) => tf.losses.softmaxCrossEntropy(labels, tf.mul(x, 2)), [2, 3]],
  ['softmaxCrossEntropy by labels', (x) => tf.losses.softmaxCrossEntropy(x, labels), [2, 3]],
  [
    'mirrorPad, reflecting',
    (x) =>
      tf.mirrorPad(
        x,
        [
          [1, 2],
          [0, 3],
        ],
        'reflect',
      ),
    [3, 4],
  ],
  [
    'mirrorPad, symmetric',
    (x) =>
      tf.mirrorPad(
        x,
        [
          [1, 2],
          [4, 0],
        ],
        'symmetric',
      ),
    [3, 4],
  ],
  ['relu6', (x) => tf.relu6(tf.mul(x, 9)), [7]],
  ['prelu', (x) => tf.prelu(x, tf.tensor1d([0.1, -0.2, 0.3])), [3, 3]],
  ['prelu by its slope', (x) => tf.prelu(tf.tensor1d([-0.5, 0.3, -1]), x), [3]],
  ['norm', (x) => tf.norm(x, 2, 1), [3, 4]],
])('tf.%s has its first and second derivative', async (_name, f, shape) => {
  await expectDerivatives(f, shape)
})

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

test('what an op saves is freed with the tape', () => {
  const x = tensor([[0.3, -0.8]])
  const f = (y: Tensor): Tensor => sum(add(rawly(tf.logSigmoid, tanh(y)), rawly(tf.logSoftmax, tanh(y))))
  expectNoLeaks(() => grad((x) => sum(mul(grad(f)(x), x)))(x))
})

/** A raw tfjs op between ours. */
function rawly(op: (x: tf.Tensor) => tf.Tensor, x: Tensor): Tensor {
  return op(x as unknown as tf.Tensor) as unknown as Tensor
}

test('repairing twice changes nothing', () => {
  const before = tf.getGradient(tf.Pow)
  const tape = (tf.engine() as unknown as { addTapeNode: unknown }).addTapeNode
  repairGradients()
  expect(tf.getGradient(tf.Pow)).toBe(before)
  expect((tf.engine() as unknown as { addTapeNode: unknown }).addTapeNode).toBe(tape)
})
