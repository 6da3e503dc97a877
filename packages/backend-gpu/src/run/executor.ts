import type { Executor, Tensor } from '@sgm/tensor'
import type { Executable, Graph } from '@sgm/tensor/compile'
import { planGraph } from '../plan/plan'
import { deviceDraw, drawShader } from '../shaders/draw'
import type { DeviceContext } from './context'
import { GpuExecutable } from './executable'
import { Kernel } from './kernel'
import { Uniforms } from './uniforms'

/** The executor of a device. */
export function gpuExecutor(context: DeviceContext): Executor {
  return { name: 'gpu', load: (graph, variables) => loadGraph(context, graph, variables) }
}

/** Makes a graph ready: plans its kernels, compiles them and puts what it holds into memory. */
async function loadGraph(
  context: DeviceContext,
  graph: Graph,
  variables: readonly Tensor[],
): Promise<Executable> {
  context.failure.check()
  const plan = planGraph(graph, { ...context.tuning, product: await context.tile() })
  const drawn = graph.draws.map(({ value, draw }) => {
    const made = deviceDraw(draw)
    return made && drawShader(value, made, context.tuning)
  })
  const draws = drawn.filter((shader) => shader !== undefined)
  const shaders = [...draws, ...plan.shaders]
  const pipelines = await context.failure.during(
    Promise.all(shaders.map((shader) => context.pipelines.of(shader))),
  )
  const uniforms = new Uniforms(context, shaders)
  const kernels = shaders.map(
    (shader, i) => new Kernel(context.device, shader, pipelines[i]!, uniforms.of(i)),
  )
  const keyAt = drawn.map((shader) => (shader ? draws.indexOf(shader) : undefined))
  const executable = new GpuExecutable(context, graph, plan, { kernels, uniforms, keyAt })
  await executable.writeVariables(variables)
  return executable
}
