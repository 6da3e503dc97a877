import { dispose } from '../memory'
import type { Flattened } from './arguments'
import type { Executable, Executor } from './executor'
import { batchOf, type GraphFamily, withBatch } from './family'
import type { InputSpec } from './trace'
import { type TracedFunction, traceToGraph } from './trace-to-graph'

/** A function traced for one set of shapes and loaded. */
export interface Program extends TracedFunction {
  readonly executable: Executable
  /** The same for those of shapes that differ in the batch size alone. */
  readonly family: Family
}

interface Family {
  readonly name: string
}

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
  const executable = await executor.load(traced.graph, traced.variables, relatives(fn, input, family))
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

/** Equal for arguments of the same structure, shapes and types. */
export function signature(structure: string, tensors: readonly InputSpec[]): string {
  return `${structure} ${tensors.map(({ shape, dtype }) => `${dtype}[${shape}]`)}`
}

/** Copies what the program has made of the variables into them. */
export async function pull({ executable, variables, graph }: Program): Promise<void> {
  if (graph.variables.every(({ next }) => !next)) return
  const values = await executable.readVariables()
  for (const [i, { next }] of graph.variables.entries()) if (next) variables[i]!.assign(values[i]!)
  dispose(values)
}

/** Copies the variables to the program. */
export async function push({ executable, variables }: Program): Promise<void> {
  await executable.writeVariables(variables)
}
