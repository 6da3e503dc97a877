import { dispose } from '../memory'
import { tensor } from '../ops/create'
import type { Tensor, TypedArray } from '../types'
import type { Executor } from './executor'
import { results, type Value } from './graph'
import { interpret } from './interpret'

/**
 * An executor that runs the graph's kernels one by one on the current tfjs backend: no faster than eager code, but it shows what a
 * graph means, and tests compare others with it.
 */
export function reference(): Executor {
  return {
    name: 'reference',
    async load(graph, initial) {
      let state = [...initial]
      return {
        async run(inputs) {
          const values = [...graph.inputs, ...graph.variables.map(({ value }) => value)]
          const data = [...inputs, ...state]
          const known = new Map<number, Tensor>(
            values.map((value, i) => [value.id, toTensor(data[i]!, value)]),
          )
          const wanted = results(graph)
          const tensors = interpret(graph, known, wanted)
          const read = await Promise.all(tensors.map(async (x) => (await x.data()).slice() as TypedArray))
          dispose([...known.values(), tensors])
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
}

function toTensor(data: TypedArray, { shape, dtype }: Value): Tensor {
  return tensor(data, shape, dtype)
}
