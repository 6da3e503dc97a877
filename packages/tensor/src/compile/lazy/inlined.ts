import { expectedType } from '../../check'
import type { Tensor, Variable } from '../../types'
import type { Graph, Value } from '../graph'
import { signature } from '../program'
import type { InputSpec } from '../trace'
import { traceToGraph } from '../trace-to-graph'

/** A function of tensors that is recorded as one call: its graph takes the call's place when a program is made. */
export interface Inlined {
  /** Which function this is among those of a run. */
  readonly name: string
  readonly graph: Graph
  readonly variables: readonly Variable[]
  readonly output: Value
}

/** A synchronous function of tensors. */
export type Inlinable = (...args: Tensor[]) => Tensor

/** The graphs of functions, each traced once for arguments of the same shapes. */
export class InlinedFunctions {
  readonly #byFunction = new WeakMap<Inlinable, Map<string, Inlined>>()
  #count = 0

  get(fn: Inlinable, specs: readonly InputSpec[]): Inlined | undefined {
    return this.#byFunction.get(fn)?.get(signature('', specs))
  }

  /**
   * @throws Error when the function cannot be traced, and the message says why.
   * @throws TypeError when it does not return one tensor.
   */
  async add(fn: Inlinable, specs: readonly InputSpec[]): Promise<void> {
    const { graph, variables, result } = await traceToGraph(fn, {
      tensors: specs,
      keys: [],
      rebuild: (tensors) => tensors,
    })
    const [output] = graph.outputs
    if (!output || result.tensors.length > 1) throw expectedType('compile', 'one tensor', 'other results')
    if (graph.variables.some(({ next }) => next)) {
      throw expectedType('compile', 'a function that assigns to no variables', 'one that does')
    }
    const known = this.#byFunction.get(fn) ?? new Map<string, Inlined>()
    this.#byFunction.set(fn, known)
    known.set(signature('', specs), { name: `f${this.#count++}`, graph, variables, output })
  }
}
