import type { Graph, Node } from './graph'
import type { AttributesOf, Inputs, InputsOf, KernelName } from './kernels'
import type { Value } from './value'

/**
 * Number of elements.
 *
 * @example
 * sizeOf([2, 3]) // → 6
 */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1)
}

/**
 * Whether two shapes are the same.
 *
 * @param a One shape.
 * @param b The other.
 * @example
 * sameShape([2, 3], [2, 3]) // → true
 */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i])
}

/**
 * Values that are there when a call begins.
 *
 * @param options The graph.
 * @example
 * const x = flattenArguments('mine', [ones([2])])
 * const { graph } = await traceToGraph((x: Tensor) => exp(x), x)
 * givens(graph).length // → 1
 */
export function givens({ inputs, draws, constants, variables }: Graph): readonly Value[] {
  return [...inputs, ...[...draws, ...constants, ...variables].map(({ value }) => value)]
}

/**
 * Values that must be there when a call ends.
 *
 * @param options The graph.
 * @example
 * const x = flattenArguments('mine', [ones([2])])
 * const { graph } = await traceToGraph((x: Tensor) => exp(x), x)
 * results(graph).length // → 1
 */
export function results({ outputs, variables }: Pick<Graph, 'outputs' | 'variables'>): readonly Value[] {
  return [...outputs, ...variables.flatMap(({ next }) => (next ? [next] : []))]
}

/**
 * What a call reads.
 *
 * @param options The node.
 * @example
 * const x = flattenArguments('mine', [ones([2])])
 * const { graph } = await traceToGraph((x: Tensor) => exp(x), x)
 * graph.nodes.map((node) => operands(node).length) // → [1]
 */
export function operands<K extends KernelName>({ inputs }: Node<K>): readonly Value[] {
  return Object.values<Value>(inputs)
}

/**
 * Ids of all that calls read and of what must be there in the end.
 *
 * @example
 * const x = flattenArguments('mine', [ones([2])])
 * const { graph } = await traceToGraph((x: Tensor) => exp(x), x)
 * graph.inputs.every(({ id }) => readIds(graph).has(id)) // → true
 */
export function readIds(graph: Graph): Set<number> {
  return new Set([...graph.nodes.flatMap(operands), ...results(graph)].map(({ id }) => id))
}

/** Makes values with ids that the graph does not have. */
export type Fresh = (shape: readonly number[], like: Pick<Value, 'dtype'>) => Value

/**
 * Makes new values for a graph that is rewritten.
 *
 * @example
 * const x = flattenArguments('mine', [ones([2])])
 * const { graph } = await traceToGraph((x: Tensor) => exp(x), x)
 * const fresh = freshValues(graph)
 * fresh([4], { dtype: 'float32' }).shape // → [4]
 */
export function freshValues(graph: Graph): Fresh {
  const taken = [...givens(graph), ...graph.nodes.flatMap(({ outputs }) => outputs)]
  let nextId = taken.reduce((least, { id }) => Math.max(least, id + 1), 0)
  return (shape, { dtype }) => ({ id: nextId++, shape, dtype })
}

/**
 * A call of a kernel with one output.
 *
 * @param kernel Its name.
 * @param inputs Its operands by name.
 * @param attributes Its settings.
 * @param output What it gives.
 * @example
 * const x: Value = { id: 0, shape: [2], dtype: 'float32' }
 * const y: Value = { id: 1, shape: [2], dtype: 'float32' }
 * callOf('Exp', { x }, {}, y).kernel // → 'Exp'
 */
export function callOf<K extends KernelName>(
  kernel: K,
  inputs: InputsOf<K>,
  attributes: AttributesOf<K>,
  output: Value,
): Node {
  return { kernel, inputs, attributes, outputs: [output] } as Node<K> as Node
}

/**
 * What appends calls of kernels with one output, and gives that output.
 *
 * @param nodes What they are appended to.
 * @example
 * const nodes: Node[] = []
 * const call = callsInto(nodes)
 * const x: Value = { id: 0, shape: [2], dtype: 'float32' }
 * const y = call('Exp', { x }, {}, { ...x, id: 1 })
 * call('Neg', { x: y }, {}, { ...x, id: 2 })
 * nodes.map(({ kernel }) => kernel) // → ['Exp', 'Neg']
 */
export function callsInto(nodes: Node[]) {
  return <K extends KernelName>(
    kernel: K,
    inputs: InputsOf<K>,
    attributes: AttributesOf<K>,
    output: Value,
  ): Value => {
    nodes.push(callOf(kernel, inputs, attributes, output))
    return output
  }
}

/**
 * The call with other operands, and other outputs if given.
 *
 * @param node The node.
 * @param operand What stands in the place of each operand.
 * @param outputs What the new node gives.
 * @example
 * const x = flattenArguments('mine', [ones([2])])
 * const { graph } = await traceToGraph((x: Tensor) => exp(x), x)
 * const other: Value = { id: 99, shape: [2], dtype: 'float32' }
 * const changed = graph.nodes.map((node) => withOperands(node, () => other))
 * changed.map((node) => operands(node)[0]!.id) // → [99]
 */
export function withOperands<K extends KernelName>(
  node: Node<K>,
  operand: (value: Value) => Value,
  outputs: readonly Value[] = node.outputs,
): Node<K> {
  const entries = Object.entries<Value>(node.inputs).map(([name, value]) => [name, operand(value)])
  return { ...node, inputs: Object.fromEntries(entries) as InputsOf<K>, outputs }
}

/**
 * Inputs of a kernel that takes as many as one likes.
 *
 * @param values In order.
 * @example
 * listed([{ id: 0, shape: [2], dtype: 'float32' }])
 */
export function listed(values: readonly Value[]): Inputs {
  return Object.fromEntries(values.entries())
}

/**
 * The calls on which values depend, in order.
 *
 * @param nodes Calls, in order.
 * @param wanted The values.
 * @example
 * const x = flattenArguments('mine', [ones([2])])
 * const { graph } = await traceToGraph((x: Tensor) => exp(x), x)
 * needed(graph.nodes, graph.outputs).length // → 1
 */
export function needed(nodes: readonly Node[], wanted: readonly Value[]): Node[] {
  const ids = new Set(wanted.map(({ id }) => id))
  const kept: Node[] = []
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some(({ id }) => ids.has(id))) continue
    for (const { id } of operands(node)) ids.add(id)
    kept.push(node)
  }
  return kept.reverse()
}
