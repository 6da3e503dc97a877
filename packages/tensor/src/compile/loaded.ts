import { checkLists, checkMethods, checkTensors, expected } from '../check'
import type { Tensor } from '../types'
import type { Executable, Executor } from './executor'
import type { GraphFamily } from './family'
import type { Graph } from './graph'

/**
 * Loads a graph by an executor, which may be anybody's.
 *
 * @throws TypeError where it gives no executable, and from `run` where that gives no tensors. RangeError for another number of them.
 */
export async function loaded(
  executor: Executor,
  graph: Graph,
  variables: readonly Tensor[],
  family?: GraphFamily,
): Promise<Executable> {
  const executable = await executor.load(graph, variables, family)
  const what = 'what executor.load gives'
  checkMethods('compile', { [what]: executable }, 'run', 'readVariables', 'writeVariables', 'dispose')
  const wanted = graph.outputs.length
  return {
    async run(inputs, keys) {
      const outputs = await executable.run(inputs, keys)
      checkLists('compile', { 'what the executor gives': outputs })
      if (outputs.length !== wanted)
        throw expected('compile', `${wanted} outputs of the executor`, outputs.length)
      checkTensors('compile', Object.fromEntries(outputs.map((x, i) => [`output ${i} of the executor`, x])))
      return outputs
    },
    readVariables: () => executable.readVariables(),
    writeVariables: (values) => executable.writeVariables(values),
    dispose: () => executable.dispose(),
  }
}
