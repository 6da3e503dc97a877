import type { Executor } from '@sgm/tensor'
import type { DeviceContext } from './context'
import { loadGraph } from './executable'

/** The executor of a device. */
export function gpuExecutor(context: DeviceContext): Executor {
  return { name: 'gpu', load: (graph, variables) => loadGraph(context, graph, variables) }
}
