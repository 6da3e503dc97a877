import type { Graph, Node, Value } from './graph'
import { POINTWISE } from './spread'

/** Vectors longer than this cost more to copy than a kernel call does. */
const LONGEST = 4096

/**
 * Updates variables together: where the same elementwise calls work out the next values of many short vectors, as an optimiser does for
 * every bias, the vectors are joined, the calls made once, and the results cut apart. A kernel call costs about a microsecond whatever
 * its size, and large networks have hundreds of such vectors.
 *
 * The same numbers, bit by bit.
 */
export function packUpdates(graph: Graph): Graph {
  const groups = new Map<string, Update[]>()
  for (const update of updates(graph)) {
    const alike = groups.get(update.signature)
    if (alike) alike.push(update)
    else groups.set(update.signature, [update])
  }
  const packed = [...groups.values()].filter(isWorthwhile)
  if (packed.length === 0) return graph
  const gone = new Set(packed.flat().flatMap(({ nodes }) => nodes))
  let nextId = 1 + Math.max(...everything(graph).map(({ id }) => id))
  const fresh = (shape: readonly number[], { dtype }: Value): Value => ({ id: nextId++, shape, dtype })
  const rest = graph.nodes.filter((node) => !gone.has(node))
  return { ...graph, nodes: [...rest, ...packed.flatMap((alike) => join(alike, fresh))] }
}

/** Calls that lead to next values of variables and to nothing else. */
interface Update {
  readonly nodes: readonly Node[]
  /** The vectors that come from elsewhere, in the order in which they are first read. */
  readonly leaves: readonly Value[]
  /** Which of the calls' results are next values. */
  readonly ends: readonly number[]
  /** Equal for updates that differ in their vectors alone. */
  readonly signature: string
}

function updates(graph: Graph): Update[] {
  const ends = new Set(graph.variables.flatMap(({ next }) => (next ? [next.id] : [])))
  const region = closing(graph)
  const parts = new Parts()
  for (const node of region) {
    for (const { id, shape } of Object.values(node.inputs)) {
      if (shape.length > 0) parts.connect(id, node.outputs[0]!.id)
    }
  }
  const together = new Map<number, Node[]>()
  for (const node of region) {
    const part = parts.of(node.outputs[0]!.id)
    together.set(part, [...(together.get(part) ?? []), node])
  }
  return [...together.values()].map((nodes) => described(nodes, ends))
}

/** The elementwise calls on short vectors behind which there are next values only, in order. */
function closing({ nodes, outputs }: Graph): Node[] {
  const open = new Set(outputs.map(({ id }) => id))
  const region: Node[] = []
  for (const node of [...nodes].reverse()) {
    const [output] = node.outputs
    const [length] = output!.shape
    const fits =
      POINTWISE.has(node.kernel) &&
      output!.shape.length === 1 &&
      length! <= LONGEST &&
      Object.values(node.inputs).every(({ shape }) => shape.length === 0 || shape[0] === length)
    if (fits && !open.has(output!.id)) region.push(node)
    else for (const { id } of Object.values(node.inputs)) open.add(id)
  }
  return region.reverse()
}

function described(nodes: readonly Node[], all: ReadonlySet<number>): Update {
  const names = new Map<number, string>()
  const leaves: Value[] = []
  const name = (value: Value): string => {
    if (value.shape.length === 0) return `scalar ${value.id}`
    const known = names.get(value.id)
    if (known) return known
    const fresh = `leaf ${leaves.push(value)} ${value.dtype}`
    names.set(value.id, fresh)
    return fresh
  }
  const ends: number[] = []
  const lines = nodes.map(({ kernel, inputs, attributes, outputs }, i) => {
    const read = Object.entries(inputs).map(([key, value]) => [key, name(value)])
    const { id, dtype } = outputs[0]!
    names.set(id, `call ${i} ${dtype}`)
    if (all.has(id)) ends.push(i)
    return [kernel, read, attributes]
  })
  return { nodes, leaves, ends, signature: JSON.stringify([lines, ends], exactly) }
}

/** JSON has no infinities. */
const exactly = (_key: string, value: unknown): unknown => (typeof value === 'number' ? String(value) : value)

/** Whether fewer calls are left, those that join and cut counted. */
function isWorthwhile(alike: readonly Update[]): boolean {
  const { nodes, leaves, ends } = alike[0]!
  return (alike.length - 1) * nodes.length > leaves.length + ends.length
}

function join(alike: readonly Update[], fresh: (shape: readonly number[], like: Value) => Value): Node[] {
  const [first] = alike as [Update, ...Update[]]
  const sizes = alike.map(({ nodes }) => nodes[0]!.outputs[0]!.shape[0]!)
  const shape = [sizes.reduce((a, b) => a + b)]
  const joined = new Map<number, Value>()
  const added: Node[] = []
  first.leaves.forEach((leaf, i) => {
    const whole = fresh(shape, leaf)
    const inputs = Object.fromEntries(alike.map(({ leaves }, j) => [j, leaves[i]!]))
    added.push({ kernel: 'Concat', inputs, attributes: { axis: 0 }, outputs: [whole] })
    joined.set(leaf.id, whole)
  })
  for (const node of first.nodes) {
    const output = node.outputs[0]!
    const inputs = Object.entries(node.inputs).map(([key, value]) => [key, joined.get(value.id) ?? value])
    const whole = fresh(shape, output)
    added.push({ ...node, inputs: Object.fromEntries(inputs), outputs: [whole] })
    joined.set(output.id, whole)
  }
  for (const i of first.ends) {
    added.push({
      kernel: 'SplitV',
      inputs: { x: joined.get(first.nodes[i]!.outputs[0]!.id)! },
      attributes: { numOrSizeSplits: sizes, axis: 0 },
      outputs: alike.map(({ nodes }) => nodes[i]!.outputs[0]!),
    })
  }
  return added
}

function everything({ inputs, constants, variables, nodes }: Graph): Value[] {
  const known = [...constants, ...variables].map(({ value }) => value)
  return [...inputs, ...known, ...nodes.flatMap(({ outputs }) => outputs)]
}

/** Which values hang together. */
class Parts {
  readonly #parent = new Map<number, number>()

  of(id: number): number {
    let root = id
    for (let up = this.#parent.get(root); up !== undefined; up = this.#parent.get(root)) root = up
    if (root !== id) this.#parent.set(id, root)
    return root
  }

  connect(a: number, b: number): void {
    const [x, y] = [this.of(a), this.of(b)]
    if (x !== y) this.#parent.set(x, y)
  }
}
