import { callOf, type Graph, type Value } from '@sgm/tensor/compile'
import { planGraph } from '../plan/plan'
import type { Tile } from '../plan/tuning'
import type { DeviceContext } from './context'
import { Kernel } from './kernel'
import { Memory } from './memory'
import { Uniforms } from './uniforms'

/** How long a product of two square matrices takes, in milliseconds, made of the given tiles. */
export async function productTime(context: DeviceContext, tile: Tile, size: number): Promise<number> {
  const { device, failure } = context
  const graph = productOf(size)
  const plan = planGraph(graph, { ...context.tuning, product: tile })
  const pipelines = await failure.during(
    Promise.all(plan.shaders.map((shader) => context.pipelines.of(shader))),
  )
  const uniforms = new Uniforms(context, plan.shaders)
  const memory = new Memory(context, graph, plan)
  const kernels = plan.shaders.map((shader, i) => new Kernel(device, shader, pipelines[i]!, uniforms.of(i)))
  const time = async (repeats: number): Promise<number> => {
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    for (let i = 0; i < repeats; i++)
      for (const kernel of kernels) kernel.encode(pass, (value) => memory.bufferOf(value), memory.small)
    pass.end()
    const begun = performance.now()
    device.queue.submit([encoder.finish()])
    await failure.during(device.queue.onSubmittedWorkDone())
    return (performance.now() - begun) / repeats
  }
  try {
    await time(1)
    return Math.min(await time(REPEATS), await time(REPEATS))
  } finally {
    memory.dispose()
    uniforms.dispose()
  }
}

/** Products between two looks at the clock, which browsers make coarse. */
const REPEATS = 4

function productOf(size: number): Graph {
  const matrix = (id: number): Value => ({ id, shape: [1, size, size], dtype: 'float32' })
  const [a, b, output] = [matrix(0), matrix(1), matrix(2)]
  const constants = [a, b].map((value) => ({ value, data: new Float32Array(size * size) }))
  const product = callOf('BatchMatMul', { a, b }, { transposeA: false, transposeB: false }, output)
  return { inputs: [], draws: [], constants, variables: [], nodes: [product], outputs: [output] }
}

/** How much faster a tile must be than those before it: less is noise. */
const GAIN = 0.97

/** The fastest of several tiles; of one alone nothing is measured. */
export async function fastestTile(
  candidates: readonly Tile[],
  timeOf: (tile: Tile) => Promise<number>,
): Promise<Tile> {
  const [first, ...others] = candidates as readonly [Tile, ...Tile[]]
  if (others.length === 0) return first
  let [best, least] = [first, await timeOf(first)]
  for (const tile of others) {
    const time = await timeOf(tile)
    if (time < GAIN * least) [best, least] = [tile, time]
  }
  return best
}
