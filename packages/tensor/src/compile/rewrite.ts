import type { Graph, Node } from './graph'
import type { AttributesOf, Inputs, InputsOf, KernelName } from './kernels'
import type { Value } from './value'

/** Number of elements. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1)
}

/** Whether two shapes are the same. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i])
}

/** Values that are there when a call begins. */
export function givens({ inputs, draws, constants, variables }: Graph): readonly Value[] {
  return [...inputs, ...[...draws, ...constants, ...variables].map(({ value }) => value)]
}

/** Values that must be there when a call ends. */
export function results({ outputs, variables }: Pick<Graph, 'outputs' | 'variables'>): readonly Value[] {
  return [...outputs, ...variables.flatMap(({ next }) => (next ? [next] : []))]
}

/** What a call reads. */
export function operands<K extends KernelName>({ inputs }: Node<K>): readonly Value[] {
  return Object.values<Value>(inputs)
}

/** Ids of all that calls read and of what must be there in the end. */
export function readIds(graph: Graph): Set<number> {
  return new Set([...graph.nodes.flatMap(operands), ...results(graph)].map(({ id }) => id))
}

/** Makes values with ids that the graph does not have. */
export type Fresh = (shape: readonly number[], like: Pick<Value, 'dtype'>) => Value

export function freshValues(graph: Graph): Fresh {
  const taken = [...givens(graph), ...graph.nodes.flatMap(({ outputs }) => outputs)]
  let nextId = taken.reduce((least, { id }) => Math.max(least, id + 1), 0)
  return (shape, { dtype }) => ({ id: nextId++, shape, dtype })
}

/** A call of a kernel with one output. */
export function callOf<K extends KernelName>(
  kernel: K,
  inputs: InputsOf<K>,
  attributes: AttributesOf<K>,
  output: Value,
): Node {
  return { kernel, inputs, attributes, outputs: [output] } as Node<K> as Node
}

/** The call with other operands, and other outputs if given. */
export function withOperands<K extends KernelName>(
  node: Node<K>,
  operand: (value: Value) => Value,
  outputs: readonly Value[] = node.outputs,
): Node<K> {
  const entries = Object.entries<Value>(node.inputs).map(([name, value]) => [name, operand(value)])
  return { ...node, inputs: Object.fromEntries(entries) as InputsOf<K>, outputs }
}

/** Inputs of a kernel that takes as many as one likes. */
export function listed(values: readonly Value[]): Inputs {
  return Object.fromEntries(values.entries())
}
