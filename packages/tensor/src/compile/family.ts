import type { Graph } from './graph'
import type { InputSpec } from './trace'

/** The function that a graph was traced from, at other batch sizes: the batch is axis 0 of the first argument, and of those as long. */
export interface GraphFamily {
  /** The same object for all graphs of one function that differ in the batch size alone. */
  readonly id: object
  /** The batch size of the graph at hand. */
  readonly batch: number
  /** The graph at another, traced when it is asked for. */
  at(batch: number): Promise<Graph>
}

/**
 * The batch size of arguments; undefined where the first has no axes, or there is none.
 *
 * @example
 * batchOf([{ shape: [64, 2], dtype: 'float32' }]) // → 64
 */
export function batchOf([first]: readonly InputSpec[]): number | undefined {
  return first?.shape[0]
}

/**
 * The same arguments in a batch of another size.
 *
 * @param specs Of the arguments.
 * @param batch Size of the first axis.
 * @example
 * withBatch([{ shape: [1, 2], dtype: 'float32' }], 64)[0]!.shape // → [64, 2]
 */
export function withBatch(specs: readonly InputSpec[], batch: number): InputSpec[] {
  const size = batchOf(specs)
  return specs.map(({ shape, dtype }) => ({
    shape: shape[0] === size && shape.length > 0 ? [batch, ...shape.slice(1)] : shape,
    dtype,
  }))
}

/**
 * The family whose graphs are worked out otherwise.
 *
 * @param options The family.
 * @param change Makes another graph of a graph, in the same way for every batch size.
 * @example
 * const same = (family: GraphFamily) => mapFamily(family, (graph) => graph)
 */
export function mapFamily({ id, batch, at }: GraphFamily, change: (graph: Graph) => Graph): GraphFamily {
  return { id, batch, at: async (size) => change(await at(size)) }
}
