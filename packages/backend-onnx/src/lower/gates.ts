import { type Graph, results } from '@sgm/tensor/compile'

/**
 * The sigmoids that weigh what they are of, x σ(x), and that nobody sees: ONNX Runtime's own Sigmoid, right to 1.2·10⁻⁷ of 1, serves
 * there, in a third of the time. What x σ(x) is off by is below the rounding of x.
 */
export function gatesOf(graph: Graph): ReadonlySet<number> {
  const operands = new Map<number, number>()
  const gates = new Set<number>()
  for (const node of graph.nodes) {
    if (node.kernel === 'Sigmoid') operands.set(node.outputs[0]!.id, node.inputs.x.id)
    if (node.kernel !== 'Multiply') continue
    const { a, b } = node.inputs
    for (const [gate, x] of [[a, b], [b, a]] as const) // biome-ignore format: either way
      if (operands.get(gate.id) === x.id) gates.add(gate.id)
  }
  for (const { id } of results(graph)) gates.delete(id)
  return gates
}
