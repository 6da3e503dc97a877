import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import {
  add,
  conv2d,
  grad,
  hutchinson,
  matMul,
  maxPool2d,
  reshape,
  sum,
  type Tensor,
  tanh,
  tensor,
} from '../..'
import { erf } from '../../ops/contract/elementwise'
import { type Host, spread } from '../../ops/contract/host'

type Vector = readonly number[]
type Matrix = readonly Vector[]

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z))
const softplus = (z: number): number => Math.log1p(Math.exp(z))
const selu = (z: number): number => 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * Math.expm1(z))
const each =
  (f: (z: number) => number) =>
  (z: Vector): number[] =>
    z.map(f)
const softmax = (z: Vector): number[] => {
  const total = z.reduce((a, v) => a + Math.exp(v), 0)
  return z.map((v) => Math.exp(v) / total)
}

/** Every activation that tfjs's layers know, in float64. */
const activations: Record<string, (z: Vector) => number[]> = {
  elu: each((z) => (z > 0 ? z : Math.expm1(z))),
  gelu: each((z) => (z * (1 + erf(z * Math.SQRT1_2))) / 2),
  gelu_new: each((z) => (z / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3)))),
  hardSigmoid: each((z) => Math.min(Math.max(0.2 * z + 0.5, 0), 1)),
  linear: each((z) => z),
  logSoftmax: (z) => softmax(z).map(Math.log),
  mish: each((z) => z * Math.tanh(softplus(z))),
  relu: each((z) => Math.max(z, 0)),
  relu6: each((z) => Math.min(Math.max(z, 0), 6)),
  selu: each(selu),
  sigmoid: each(sigmoid),
  softmax,
  softplus: each(softplus),
  softsign: each((z) => z / (1 + Math.abs(z))),
  swish: each((z) => z * sigmoid(z)),
  tanh: each(Math.tanh),
}

const rows = ({ data, shape }: Host): Matrix =>
  Array.from({ length: shape[0]! }, (_, i) => data.slice(i * shape[1]!, (i + 1) * shape[1]!))

const affine = (x: Vector, kernel: Matrix, bias: Vector): number[] =>
  bias.map((b, j) => x.reduce((sum, value, i) => sum + value * kernel[i]![j]!, b))

/** Weights of 3 → 4 → 3, points and probes. */
const first = spread([3, 4], -1.2, 1.2)
const firstBias = spread([4], -0.5, 0.5, 1).data
const second = spread([4, 3], -1.2, 1.2, 2)
const secondBias = spread([3], -0.5, 0.5, 3).data
const points = spread([2, 3], -1.5, 1.5, 4)
const probes = spread([2, 3], -1, 1, 5)

/** Σ over rows of vᵀ(∂s/∂x)v, by a central difference along v. */
function hostDivergence(activate: (z: Vector) => number[], kernel: Matrix): number {
  const step = 1e-4
  return rows(points).reduce((total, x, row) => {
    const v = rows(probes)[row]!
    const along = (by: number): number => {
      const hidden = activate(
        affine(
          x.map((value, i) => value + by * v[i]!),
          kernel,
          firstBias,
        ),
      )
      return affine(hidden, rows(second), secondBias).reduce((sum, s, i) => sum + s * v[i]!, 0)
    }
    return total + (along(step) - along(-step)) / (2 * step)
  }, 0)
}

function hostGradient(activate: (z: Vector) => number[]): number[] {
  const step = 1e-4
  return first.data.map((_, at) => {
    const moved = (by: number): number =>
      hostDivergence(
        activate,
        rows({ shape: first.shape, data: first.data.map((value, i) => value + (i === at ? by : 0)) }),
      )
    return (moved(step) - moved(-step)) / (2 * step)
  })
}

const tfTensor = ({ data, shape }: Host): tf.Tensor => tf.tensor([...data], [...shape])

describe('a LayersModel made with tfjs alone', () => {
  test.each(Object.keys(activations))('%s: the weights’ gradient of a sliced loss', async (name) => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 4, inputShape: [3], activation: name as 'relu' }),
        tf.layers.dense({ units: 3 }),
      ],
    })
    model.setWeights([
      tfTensor(first),
      tf.tensor1d([...firstBias]),
      tfTensor(second),
      tf.tensor1d([...secondBias]),
    ])
    const kernel = model.trainableWeights[0]!.read() as unknown as Tensor
    const score = (x: Tensor): Tensor => model.apply(x as unknown as tf.Tensor) as unknown as Tensor
    const x = tensor(points.data, points.shape)
    const v = tensor(probes.data, probes.shape)
    const loss = (_kernel: Tensor): Tensor => sum(hutchinson(score, x, v).divergence)
    const got = await grad(loss)(kernel).data()
    for (const [i, wanted] of hostGradient(activations[name]!).entries()) {
      expect(Math.abs(got[i]! - wanted), `entry ${i}: ${got[i]}, wanted ${wanted}`).toBeLessThan(2e-4)
    }
    model.dispose()
  })

  test('convolution, pooling and dense layers agree with the ops that the contract covers', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({
          filters: 3,
          kernelSize: 3,
          padding: 'same',
          activation: 'tanh',
          inputShape: [4, 4, 1],
        }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 16 }),
      ],
    })
    const [filter, bias, kernel, offset] = [spread([3, 3, 1, 3]), spread([3]), spread([12, 16]), spread([16])]
    model.setWeights([filter, bias, kernel, offset].map(tfTensor))
    const theirs = model.trainableWeights[0]!.read() as unknown as Tensor
    const t = ({ data, shape }: Host): Tensor => tensor(data, shape)
    const network = (x: Tensor, filter: Tensor): Tensor => {
      const hidden = maxPool2d(tanh(add(conv2d(x, filter), t(bias))), 2)
      return reshape(add(matMul(reshape(hidden, [2, 12]), t(kernel)), t(offset)), [2, 4, 4, 1])
    }
    const x = t(spread([2, 4, 4, 1], -1.5, 1.5, 6))
    const v = t(spread([2, 4, 4, 1], -1, 1, 7))
    const score = (x: Tensor): Tensor =>
      reshape(model.apply(x as unknown as tf.Tensor) as unknown as Tensor, [2, 4, 4, 1])
    const got = await grad((_filter) => sum(hutchinson(score, x, v).divergence))(theirs).data()
    const ours = grad((filter) => sum(hutchinson((x) => network(x, filter), x, v).divergence))
    const wanted = await ours(t(filter)).data()
    expect(Math.max(...wanted.map(Math.abs))).toBeGreaterThan(0.1)
    for (const [i, value] of wanted.entries()) expect(got[i]).toBeCloseTo(value, 4)
    model.dispose()
  })
})
