import { type Graph, type Node, operands, results, type Value } from '@sgm/tensor/compile'

/** A bias `[C]` that is added to what a convolution gives, which nothing else reads. */
export interface Bias {
  readonly value: Value
  readonly add: Node
}

/** The biases of a graph's convolutions, where they are there before these begin. */
export function biasesOf(graph: Graph): ReadonlyMap<Node, Bias> {
  const readers = new Map<number, (Node | undefined)[]>()
  const note = ({ id }: Value, reader?: Node): void => {
    readers.set(id, [...(readers.get(id) ?? []), reader])
  }
  for (const node of graph.nodes) for (const value of operands(node)) note(value, node)
  for (const value of results(graph)) note(value)
  const later = new Set(graph.nodes.flatMap(({ outputs }) => outputs.map(({ id }) => id)))
  const found = new Map<Node, Bias>()
  for (const node of graph.nodes) {
    for (const { id } of node.outputs) later.delete(id)
    if (node.kernel !== 'Conv2D') continue
    const output = node.outputs[0]!
    const [add, ...others] = readers.get(output.id) ?? []
    if (add?.kernel !== 'Add' || others.length > 0) continue
    const { a, b } = add.inputs
    const value = a.id === output.id ? b : a
    if (`${value.shape}` === `${output.shape.slice(3)}` && !later.has(value.id))
      found.set(node, { value, add })
  }
  return found
}
