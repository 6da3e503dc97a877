import { dispose } from '../memory'
import type { Executable } from './executor'
import type { InputSpec } from './trace'
import type { TracedFunction } from './trace-to-graph'

/** A function traced for one set of shapes and loaded. */
export interface Program extends TracedFunction {
  readonly executable: Executable
  /** The same for those of shapes that differ in the batch size alone. */
  readonly family: Family
}

/** What programs for other batch sizes have in common. */
export interface Family {
  readonly name: string
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
