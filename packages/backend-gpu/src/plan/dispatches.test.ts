import { sdeDenoising } from '@sgm/losses'
import { ddpm, mlp, type Network, tutorialUnet } from '@sgm/score'
import { compile, type Executor, key, normal, ones, type Tensor, uniform } from '@sgm/tensor'
import type { Graph } from '@sgm/tensor/compile'
import { adam, train } from '@sgm/train'
import { expect, test } from 'vitest'
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
  const plan = await planned((executor) =>
    compile((x: Tensor, t: Tensor) => model.apply(parameters, x, t), { executor })(
      normal(key(1), [8, 32, 32, 3]),
      uniform(key(2), [8]),
    ),
  )
  expect(plan.shaders.length).toBeLessThanOrEqual(420)
})
