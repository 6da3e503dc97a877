import type { TypedArray } from '../types'
import type { Graph } from './graph'

/** Runs graphs natively. Made by `@sgm/backend-onnx` and `@sgm/backend-gpu`. */
export interface Executor {
  readonly name: string
  /** @throws Error that names the kernel, when the graph holds one that the executor does not know. */
  load(graph: Graph, variables: readonly TypedArray[]): Promise<Executable>
}

/** A graph made ready, with its variables' values. */
export interface Executable {
  /** Values for `graph.inputs`, in order → values of `graph.outputs`, in order; updates the variables. Calls must not overlap. */
  run(inputs: readonly TypedArray[]): Promise<readonly TypedArray[]>
  /** The variables' current values, in the order of `graph.variables`. */
  readVariables(): Promise<readonly TypedArray[]>
  writeVariables(values: readonly TypedArray[]): Promise<void>
  dispose(): Promise<void>
}
