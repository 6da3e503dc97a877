import { dispose } from '../memory'
import { tensor } from '../ops/create'
import type { Tensor, TypedArray } from '../types'
import type { Executor } from './executor'
import { type HostExecutor, hostExecutor, readValues } from './host-executor'
import { interpret } from './interpret'
import { results } from './rewrite'

/**
 * An executor that runs the graph's kernels one by one on the current tfjs backend: no faster than eager code, but it shows what a
 * graph means, and tests compare others with it.
 *
 * @example
 * const double = compile((x: Tensor) => mul(x, 2), { executor: reference() })
 * await double(tensor([1, 2])) // → [2, 4]
 */
export function reference(): Executor {
  return hostExecutor(interpreter)
}

/** {@link reference}, on arrays of the host. */
export const interpreter: HostExecutor = {
  name: 'reference',
  async load(graph, initial) {
    let state = [...initial]
    return {
      async run(inputs) {
        const values = [...graph.inputs, ...graph.variables.map(({ value }) => value)]
        const data = [...inputs, ...state]
        const known = new Map<number, Tensor>(
          values.map(({ id, shape, dtype }, i) => [id, tensor(data[i]!, shape, dtype)]),
        )
        const made = interpret(graph, known, results(graph))
        const read: TypedArray[] = await Promise.all(made.map(async (x) => (await readValues(x)).slice()))
        dispose([...known.values(), made])
        let next = graph.outputs.length
        state = graph.variables.map((variable, i) => (variable.next ? read[next++]! : state[i]!))
        return read.slice(0, graph.outputs.length)
      },
      readVariables: async () => state,
      writeVariables: async (values) => {
        state = [...values]
      },
      dispose: async () => {},
    }
  },
}
