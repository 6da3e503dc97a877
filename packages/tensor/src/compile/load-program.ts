import type { Flattened } from './arguments'
import type { Executor } from './executor'
import { batchOf, type GraphFamily, withBatch } from './family'
import { loaded } from './loaded'
import { type Family, type Program, signature } from './program'
import { traceToGraph } from './trace-to-graph'

/** Traces a function for arguments like `input` and loads it. @param others The function's other programs. */
export async function loadProgram<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  input: Flattened,
  executor: Executor,
  others: readonly Program[],
): Promise<Program> {
  const traced = await traceToGraph(fn, input)
  const name = signature(input.structure, withBatch(input.tensors, Number.NaN))
  const family = others.find((other) => other.family.name === name)?.family ?? { name }
  const executable = await loaded(executor, traced.graph, traced.variables, relatives(fn, input, family))
  // The runtime has the rest: large constants need not be there twice.
  return { ...traced, graph: { ...traced.graph, nodes: [], constants: [] }, executable, family }
}

function relatives<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  input: Flattened,
  id: Family,
): GraphFamily | undefined {
  const batch = batchOf(input.tensors)
  if (batch === undefined) return undefined
  return {
    id,
    batch,
    at: async (size) => (await traceToGraph(fn, input, withBatch(input.tensors, size))).graph,
  }
}
