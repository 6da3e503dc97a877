import { broadcastShapes } from '../ops/broadcast'
import type { TypedArray } from '../types'
import type { Constant, Graph, Node } from './graph'
import { kernels } from './kernels'
import { callOf, freshValues, operands, sameShape, withOperands } from './rewrite'
import type { Value } from './value'

/**
 * Lets what is repeated be repeated as late as possible: an elementwise call whose operands repeat along an axis is made
 * once and its result repeated, and operands that the call would repeat anyhow are handed over as they are. tfjs spreads
 * the gradients of sums and means by multiplying with ones: those products go altogether.
 *
 * The same numbers, bit by bit.
 */
export function spreadLate(graph: Graph): Graph {
  const fresh = freshValues(graph)
  const narrow = new Map<number, Value>()
  const ones = new Set<number>()
  const same = new Map<number, Value>()
  const nodes: Node[] = []
  const constants: Constant[] = []
  const narrowed = (value: Value): Value => narrow.get(value.id) ?? value

  for (const constant of graph.constants) {
    const { value, data } = constant
    if (!isUniform(data)) {
      constants.push(constant)
      continue
    }
    const one = fresh(
      value.shape.map(() => 1),
      value,
    )
    constants.push({ value: one, data: data.slice(0, 1) })
    if (data[0] === 1) ones.add(one.id)
    narrow.set(value.id, one)
    nodes.push(spread(one, value))
  }
  for (const original of graph.nodes) {
    const node = withOperands(original, (value) => same.get(value.id) ?? value)
    const output = node.outputs[0]!
    if (node.kernel === 'Fill' && output.shape.some((size) => size !== 1)) {
      const shape = output.shape.map(() => 1)
      const one = fresh(shape, output)
      nodes.push(callOf('Fill', {}, { ...node.attributes, shape }, one))
      if (Number(node.attributes.value) === 1) ones.add(one.id)
      narrow.set(output.id, one)
    } else if (node.kernel === 'Tile' && spreads(node)) {
      narrow.set(output.id, narrowed(node.inputs.x))
    } else if (kernels[node.kernel].pointwise) {
      const small = withOperands(node, narrowed)
      const factor = small.kernel === 'Multiply' && unchanged(small, ones)
      if (factor && sameShape(factor.shape, output.shape)) {
        same.set(output.id, factor)
        continue
      }
      const shape = operands(small)
        .map((value) => value.shape)
        .reduce((a, b) => broadcastShapes(a, b))
      if (sameShape(shape, output.shape)) {
        nodes.push(small)
        continue
      }
      if (factor) narrow.set(output.id, factor)
      else {
        const result = fresh(shape, output)
        nodes.push(withOperands(small, (value) => value, [result]))
        narrow.set(output.id, result)
      }
    }
    const wide = narrow.get(output.id)
    if (wide) nodes.push(spread(wide, output, node.site))
    else nodes.push(node)
  }
  const swap = (value: Value): Value => same.get(value.id) ?? value
  return {
    ...graph,
    constants,
    nodes,
    outputs: graph.outputs.map(swap),
    variables: graph.variables.map((v) => (v.next ? { ...v, next: swap(v.next) } : v)),
  }
}

/** The other factor of a product with ones. */
function unchanged({ inputs: { a, b } }: Node<'Multiply'>, ones: ReadonlySet<number>): Value | undefined {
  if (ones.has(b.id) && a.shape.length >= b.shape.length) return a
  return ones.has(a.id) && b.shape.length >= a.shape.length ? b : undefined
}

/** Whether a Tile repeats along axes of size 1 alone, as broadcasting does. */
function spreads({ inputs, attributes }: Node<'Tile'>): boolean {
  return attributes.reps.every((times, axis) => times === 1 || inputs.x.shape[axis] === 1)
}

function isUniform(data: TypedArray): boolean {
  for (let i = 1; i < data.length; i++) if (!Object.is(data[i], data[0])) return false
  return data.length > 1
}

function spread(x: Value, output: Value, site?: Node['site']): Node {
  const reps = output.shape.map((size, axis) => (size === x.shape[axis] ? 1 : size))
  return { ...callOf('Tile', { x }, { reps }, output), site }
}
