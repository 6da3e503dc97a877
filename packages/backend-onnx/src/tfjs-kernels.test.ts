import { compile, dispose, key, mul, normal, type Tensor, tensor, useBackend } from '@sgm/tensor'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { onnx } from './index'

/** Float32 rounding of sums of some hundred products. */
const TOLERANCE = 5e-5

const executor = onnx({ threads: 1 })

type Operands = readonly tf.Tensor[]

/** Raw tfjs code that reaches kernels which `@sgm/tensor` offers no op for. */
interface Case {
  readonly name: string
  readonly shapes: readonly (readonly number[])[]
  readonly run: (x: Operands) => tf.Tensor | tf.Tensor[]
  /** Whether tfjs has a gradient. @default true */
  readonly differentiable?: boolean
}

const ints = (values: number[], shape: number[]): tf.Tensor => tf.tensor(values, shape, 'int32')
const image = (x: Operands): tf.Tensor4D => x[0] as tf.Tensor4D

const cases: readonly Case[] = [
  ...(['relu', 'elu', 'relu6', 'sigmoid', 'leakyrelu'] as const).map((activation) => ({
    name: `fused matMul, ${activation}`,
    shapes: [[5, 4], [3, 4], [3]],
    run: ([a, b, bias]: Operands) =>
      tf.fused.matMul({ a: a!, b: b!, transposeB: true, bias: bias!, activation, leakyreluAlpha: 0.3 }),
  })),
  {
    name: 'fused conv2d, prelu',
    shapes: [[2, 6, 5, 3], [3, 3, 3, 4], [4], [4]],
    run: (x) =>
      tf.fused.conv2d({
        x: image(x),
        filter: x[1] as tf.Tensor4D,
        strides: 2,
        pad: 'same',
        bias: x[2]!,
        activation: 'prelu',
        preluActivationWeights: x[3]!,
      }),
  },
  {
    name: 'fused depthwise conv2d',
    shapes: [[2, 6, 5, 3], [3, 3, 3, 2], [6]],
    run: (x) =>
      tf.fused.depthwiseConv2d({
        x: image(x),
        filter: x[1] as tf.Tensor4D,
        strides: 1,
        pad: 'valid',
        bias: x[2]!,
        activation: 'relu',
      }),
  },
  ...([1, 2, [2, 1, 2]] as (number | [number, number, number])[]).flatMap((strides) =>
    (['same', 'valid'] as const).map((pad) => ({
      name: `conv3d, strides ${strides}, ${pad}`,
      shapes: [
        [2, 5, 6, 4, 2],
        [3, 2, 3, 2, 3],
      ],
      run: ([x, filter]: Operands) => tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, strides, pad),
    })),
  ),
  {
    name: 'conv3d, dilated',
    shapes: [
      [1, 7, 6, 6, 2],
      [3, 2, 2, 2, 3],
    ],
    run: ([x, filter]) => tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, 1, 'same', 'NDHWC', [2, 1, 2]),
    differentiable: false,
  },
  {
    name: 'conv3dTranspose',
    shapes: [
      [2, 3, 2, 2, 4],
      [2, 3, 3, 3, 4],
    ],
    run: ([x, filter]) =>
      tf.conv3dTranspose(x as tf.Tensor5D, filter as tf.Tensor5D, [2, 6, 4, 4, 3], 2, 'same'),
    differentiable: false,
  },
  ...[false, true].flatMap((exclusive) =>
    [false, true].flatMap((reverse) =>
      [0, 1].map((axis) => ({
        name: `cumprod, axis ${axis}${exclusive ? ', exclusive' : ''}${reverse ? ', reverse' : ''}`,
        shapes: [[3, 7]],
        run: ([x]: Operands) => tf.cumprod(x!, axis, exclusive, reverse),
        differentiable: false,
      })),
    ),
  ),
  {
    name: 'gather, one batch axis',
    shapes: [[2, 5, 3]],
    run: ([x]) => tf.gather(x!, ints([4, 0, 0, 2, 1, 3], [2, 3]), 1, 1),
    differentiable: false,
  },
  {
    name: 'gather, two batch axes, axis 3',
    shapes: [[2, 2, 3, 4, 2]],
    run: ([x]) => tf.gather(x!, ints([3, 0, 1, 1, 2, 0, 0, 3], [2, 2, 2]), 3, 2),
    differentiable: false,
  },
  {
    name: 'gatherND',
    shapes: [[3, 4, 2]],
    run: ([x]) => tf.gatherND(x!, ints([2, 1, 0, 3, 2, 1], [3, 2])),
    differentiable: false,
  },
  {
    name: 'scatterND, one place twice',
    shapes: [[3, 2]],
    run: ([x]) => tf.scatterND(ints([1, 2, 0, 1, 1, 2], [3, 2]), x!, [2, 3, 2]),
    differentiable: false,
  },
  {
    name: 'topk',
    shapes: [[3, 6]],
    run: ([x]) => {
      const { values, indices } = tf.topk(x!, 2)
      return [values, indices]
    },
    differentiable: false,
  },
  {
    name: 'depthToSpace',
    shapes: [[2, 3, 2, 8]],
    run: (x) => tf.depthToSpace(image(x), 2),
    differentiable: false,
  },
  {
    name: 'spaceToBatchND and back, cropped',
    shapes: [[2, 5, 4, 3]],
    run: ([x]) => {
      const apart = tf.spaceToBatchND(
        x!,
        [2, 3],
        [
          [1, 0],
          [0, 2],
        ],
      )
      const together = tf.batchToSpaceND(
        apart,
        [2, 3],
        [
          [0, 1],
          [1, 1],
        ],
      )
      return [tf.square(apart), tf.square(together)]
    },
  },
  {
    name: 'flipLeftRight',
    shapes: [[2, 3, 4, 3]],
    run: (x) => tf.image.flipLeftRight(image(x)),
    differentiable: false,
  },
  ...['ij->ji', 'ij->i', 'ij->'].map((equation) => ({
    name: `einsum ${equation}`,
    shapes: [[3, 4]],
    run: ([x]: Operands) => tf.einsum(equation, x!),
    differentiable: false,
  })),
  ...['bij,bjk->bik', 'bij,kj->bki', 'bij,bij->b', 'bij,kj->kbi'].map((equation) => ({
    name: `einsum ${equation}`,
    shapes: equation.includes('bjk')
      ? [
          [2, 3, 4],
          [2, 4, 5],
        ]
      : equation.includes('bij,bij')
        ? [
            [2, 3, 4],
            [2, 3, 4],
          ]
        : [
            [2, 3, 4],
            [5, 4],
          ],
    run: ([x, y]: Operands) => tf.einsum(equation, x!, y!),
    differentiable: false,
  })),
]

let before: string
// The WASM backend lacks some of these kernels.
beforeAll(async () => {
  before = tf.getBackend()
  await useBackend('cpu')
})
afterAll(() => tf.setBackend(before))

async function expectEqual(got: Tensor, wanted: Tensor): Promise<void> {
  expect(got.shape).toEqual(wanted.shape)
  expect(got.dtype).toBe(wanted.dtype)
  const [a, b] = [await got.data(), await wanted.data()]
  const room = TOLERANCE * (1 + Math.max(...Array.from(b, Math.abs)))
  for (const [i, value] of a.entries()) {
    expect(Math.abs(value - b[i]!), `entry ${i}: got ${value}, wanted ${b[i]}`).toBeLessThanOrEqual(room)
  }
}

describe('kernels of raw tfjs code', () => {
  test.each(cases.map((it) => [it.name, it] as const))(
    '%s',
    async (_name, { shapes, run, differentiable }) => {
      const all = (x: Operands): tf.Tensor[] => [run(x)].flat()
      const loss = (...x: tf.Tensor[]): tf.Scalar =>
        tf.addN(all(x).map((y) => tf.sum(tf.mul(y, tf.add(tf.square(y), 1))))) as tf.Scalar
      const fn = (...x: Tensor[]) => {
        const operands = x as unknown as tf.Tensor[]
        const gradients = differentiable === false ? [] : tf.grads(loss)(operands)
        return [...all(operands), ...gradients] as unknown as Tensor[]
      }
      const x = shapes.map((shape, i) => mul(normal(key(i), [...shape]), 0.7))
      const compiled = compile(fn, { executor })
      const [wanted, got] = [fn(...x), await compiled(...x)]
      expect(got.length).toBe(wanted.length)
      for (const [i, y] of wanted.entries()) await expectEqual(got[i]!, y)
      await compiled.dispose()
      dispose([x, wanted, got])
    },
  )

  test('numbers in rows too long to be worked out beforehand', async () => {
    const n = 70_000
    const f = (x: Tensor) =>
      [
        tf.range(2, 2 + n, 1, 'int32'),
        tf.range(1, -34_999, -0.5),
        tf.linspace(-1, 1, n + 1),
        tf.onesLike(x as unknown as tf.Tensor),
        tf.zerosLike(x as unknown as tf.Tensor),
      ] as unknown as Tensor[]
    const results = await compile(f, { executor })(normal(key(0), [7, 10_001]))
    const [up, down, line, ones, zeros] = await Promise.all(results.map((x) => x.data()))
    expect([up!.length, up![0], up![n - 1]]).toEqual([n, 2, n + 1])
    expect([down!.length, down![1], down![n - 1]]).toEqual([n, 0.5, 1 - (n - 1) / 2])
    expect([line!.length, line![0], line![n / 2], line![n]]).toEqual([n + 1, -1, 0, 1])
    expect([ones!.length, ...new Set(ones)]).toEqual([70_007, 1])
    expect([zeros!.length, ...new Set(zeros)]).toEqual([70_007, 0])
  })

  test('steps, of the least numbers too', async () => {
    const steps = (x: Tensor) => {
      const y = x as unknown as tf.Tensor
      return [tf.step(y), tf.step(y, 0.3), tf.step(y, -1)] as unknown as Tensor[]
    }
    const x = tensor([Infinity, 1e-45, 1e-40, 3, 0, -0, -1e-45, -Infinity, NaN])
    const results = await compile(steps, { executor })(x)
    for (const [i, left] of [0, 0.3, -1].entries()) {
      const wanted = [1, 1, 1, 1, left, left, left, left, NaN].map(Math.fround)
      expect([...(await results[i]!.data())]).toEqual(wanted)
    }
  })

  test('a model of tfjs layers', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 2] }),
        tf.layers.depthwiseConv2d({ kernelSize: 2, activation: 'sigmoid' }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 5, activation: 'elu' }),
      ],
    })
    const fn = (x: Tensor): Tensor => model.predict(x as unknown as tf.Tensor) as unknown as Tensor
    const x = tensor((await normal(key(9), [3, 6, 6, 2]).data()) as Float32Array, [3, 6, 6, 2])
    await expectEqual(await compile(fn, { executor })(x), fn(x))
    model.dispose()
  })
})
