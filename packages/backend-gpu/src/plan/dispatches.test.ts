import { sdeDenoising } from '@sgm/losses'
import { ddpm, mlp, type Network, tutorialUnet } from '@sgm/score'
import {
  add,
  compile,
  type Executor,
  key,
  logSoftmax,
  matMul,
  mean,
  mul,
  type NamedTensors,
  normal,
  ones,
  reshape,
  rsqrt,
  softmax,
  square,
  sub,
  type Tensor,
  uniform,
  vjp,
  zeros,
} from '@sgm/tensor'
import { type Graph, sizeOf } from '@sgm/tensor/compile'
import { adam, train } from '@sgm/train'
import { describe, expect, test } from 'vitest'
import { type Plan, planGraph } from './plan'
import { tiles } from './tiles'
import { gpuCut } from './tuning'

/** What Chrome lets a kernel bind. */
const tuning = { ...gpuCut, product: tiles[0]!, bindings: 10 }

/** Plans the graph that `start` loads; nothing runs. */
async function planned(start: (executor: Executor) => Promise<unknown>): Promise<Plan & { nodes: number }> {
  let graph: Graph | undefined
  const executor: Executor = {
    name: 'planner',
    async load(given) {
      graph = given
      throw new Error('planned')
    },
  }
  await expect(start(executor)).rejects.toThrow('planned')
  return { ...planGraph(graph!, tuning), nodes: graph!.nodes.length }
}

const trainingStep = (model: Network, shape: readonly number[]) =>
  planned(async (executor) => {
    const data = () => ones(shape)
    const run = train({
      model,
      loss: sdeDenoising(),
      optimizer: adam(),
      data,
      steps: 1,
      key: key(0),
      compile: executor,
    })
    for await (const _ of run);
  })

const plannedCall = (fn: (...args: Tensor[]) => unknown, ...args: Tensor[]): Promise<Plan> =>
  planned((executor) => compile(fn, { executor })(...args))

test('a training step of an MLP', async () => {
  const plan = await trainingStep(mlp({ hidden: [128, 128, 128] }), [512, 2])
  expect(plan.shaders.length).toBeLessThanOrEqual(45)
})

test("a training step of the tutorial's U-Net", async () => {
  const plan = await trainingStep(tutorialUnet(), [32, 28, 28, 1])
  expect(plan.shaders.length).toBeLessThanOrEqual(330)
})

test("a score of DDPM's U-Net", async () => {
  const model = ddpm()
  const parameters = model.init(key(0))
  const plan = await plannedCall(
    (x, t) => model.apply(parameters, x, t),
    normal(key(1), [8, 32, 32, 3]),
    uniform(key(2), [8]),
  )
  expect(plan.shaders.length).toBeLessThanOrEqual(420)
})

/** What each kernel of a plan reads and writes, in elements: each value counts once. */
const moved = ({ shaders }: Plan): number[] =>
  shaders.map(({ bound }) => bound.reduce((total, { shape }) => total + sizeOf(shape), 0))

const gradientOf =
  (fn: (...args: Tensor[]) => Tensor) =>
  (dy: Tensor, ...args: Tensor[]) =>
    vjp((all: NamedTensors) => fn(...args.map((_, i) => all[i]!)), { ...args } as unknown as NamedTensors, dy)
      .vjp

const [batch, places, channels, groups] = [4, 100, 64, 8]

/** Wu and He 2018, equation 1, by its formula. */
function groupNorm(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const grouped = reshape(x, [batch, places, groups, channels / groups])
  const centred = sub(grouped, mean(grouped, [1, 3], true))
  const scale = rsqrt(add(mean(square(centred), [1, 3], true), 1e-5))
  return add(mul(reshape(mul(centred, scale), x.shape), weight), bias)
}

/** Vaswani et al. 2017, equation 1. */
const attention = (q: Tensor, k: Tensor, v: Tensor): Tensor =>
  matMul(softmax(mul(matMul(q, k, { transposeB: true }), channels ** -0.5)), v)

const rows = zeros([batch, places, channels])
const [size, scores] = [batch * places * channels, batch * places * places]
const affine = [ones([channels]), zeros([channels])]

describe('as few kernels as can be, each reading what it needs once', () => {
  test.each([
    ['softmax', (x: Tensor) => softmax(x), [rows], [2 * size]],
    ['log softmax', (x: Tensor) => logSoftmax(x), [rows], [2 * size]],
    ['softmax, its gradient', gradientOf((x) => softmax(x)), [rows, rows], [3 * size]],
    // The products, the softmax between them; the scale is written into the first product.
    ['attention', attention, [rows, rows, rows], [2 * size + scores, 2 * scores, 2 * size + scores]],
    ['group normalisation', groupNorm, [rows, ...affine], [2 * size]],
  ] as const)('%s', async (_, fn, args, elements) => {
    expect(moved(await plannedCall(fn as (...args: Tensor[]) => unknown, ...args))).toEqual(elements)
  })
})
