import type { Key } from '../random/key'
import type { Tensor } from '../types'
import type { GraphFamily } from './family'
import type { Graph } from './graph'

/**
 * Runs graphs natively. Made by `@sgm/backend-onnx` and `@sgm/backend-gpu`; one that works on arrays of the host is easier to write
 * as a {@link HostExecutor}.
 */
export interface Executor {
  readonly name: string
  /**
   * @param variables The values from which `graph.variables` start, in order; they stay the caller's.
   * @param family Where the graph is one of a family, what loads it may serve the others too.
   * @throws Error that names the kernel, when the graph holds one that the executor does not know.
   */
  load(graph: Graph, variables: readonly Tensor[], family?: GraphFamily): Promise<Executable>
}

/** A graph made ready, with its variables' values. Tensors given to it stay the caller's; those it returns are the caller's. */
export interface Executable {
  /**
   * Values of `graph.inputs` and keys of `graph.draws`, in order → values of `graph.outputs`, in order; updates the variables. Calls
   * must not overlap.
   */
  run(inputs: readonly Tensor[], keys: readonly Key[]): Promise<readonly Tensor[]>
  /** The variables' current values, in the order of `graph.variables`. */
  readVariables(): Promise<readonly Tensor[]>
  writeVariables(values: readonly Tensor[]): Promise<void>
  dispose(): Promise<void>
}
