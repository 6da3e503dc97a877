import {
  callOf,
  type Fresh,
  freshValues,
  type Graph,
  type GraphVariable,
  kernels,
  listed,
  type Node,
  operands,
  sameShape,
  signatureOf,
  sizeOf,
  type Value,
  withOperands,
} from '@sgm/tensor/compile'

/** Which updates are made together. */
export interface Packing {
  /** Values of more elements cost more to copy than a kernel call does. */
  readonly largest: number
  /** Values of higher rank may be stored with their axes in another order, and to flatten them may cost a transpose. */
  readonly highestRank: number
}

const BESIDE_ALL_ELSE: Packing = { largest: 4096, highestRank: 2 }

/** Where there is nothing but the updates, all values are stored as they are. */
export const ALONE: Packing = { largest: 1 << 16, highestRank: Number.POSITIVE_INFINITY }

/**
 * Updates variables together: where the same elementwise calls work out the next values of many small vectors and matrices, as an
 * optimiser does for every bias, these are joined, the calls made once, and the results cut apart. A kernel call costs about a
 * microsecond whatever its size, and large networks have hundreds of such values.
 *
 * The same numbers, bit by bit.
 */
export function packUpdates(graph: Graph, packing = BESIDE_ALL_ELSE): Packed {
  const groups = new Map<string, Update[]>()
  for (const update of updates(graph, packing)) {
    const alike = groups.get(update.signature)
    if (alike) alike.push(update)
    else groups.set(update.signature, [update])
  }
  const packed = [...groups.values()].filter(isWorthwhile)
  const gone = new Set(packed.flat().flatMap(({ nodes }) => nodes))
  const fresh = freshValues(graph)
  const nodes = graph.nodes.filter((node) => !gone.has(node))
  const isOwn = ownState(graph, nodes)
  const states: State[] = []
  for (const alike of packed) {
    const joined = join(alike, isOwn, fresh)
    nodes.push(...joined.nodes)
    states.push(...joined.states)
  }
  const held = new Set(states.flatMap(({ holds }) => holds.map(({ id }) => id)))
  const alone = graph.variables.filter(({ value }) => !held.has(value.id))
  const all = [...alone.map((variable) => ({ variable, holds: [variable.value] })), ...states]
  return {
    graph: { ...graph, nodes, variables: all.map(({ variable }) => variable) },
    held: all.map(({ holds }) => holds),
  }
}

/** A graph with fewer variables, which hold what those of another held. */
export interface Packed {
  readonly graph: Graph
  /** For each variable, whose values it holds as one vector, one after the other: values of the other graph's variables. */
  readonly held: readonly (readonly Value[])[]
}

interface State {
  readonly variable: GraphVariable
  readonly holds: readonly Value[]
}

/** Calls that lead to next values of variables and to nothing else. */
interface Update {
  readonly nodes: readonly Node[]
  /** The values that come from elsewhere, in the order in which they are first read. */
  readonly leaves: readonly Value[]
  /** Which of the calls' results are next values. */
  readonly ends: readonly number[]
  /** Equal for updates that differ in their values alone. */
  readonly signature: string
}

function updates(graph: Graph, packing: Packing): Update[] {
  const ends = new Set(graph.variables.flatMap(({ next }) => (next ? [next.id] : [])))
  const region = closing(graph, packing)
  const parts = new Parts()
  for (const node of region) {
    for (const { id, shape } of operands(node)) {
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

/** The elementwise calls on small values behind which there are next values only, in order. */
function closing({ nodes, outputs }: Graph, { largest, highestRank }: Packing): Node[] {
  const open = new Set(outputs.map(({ id }) => id))
  const region: Node[] = []
  for (const node of [...nodes].reverse()) {
    const { shape, id } = node.outputs[0]!
    const fits =
      kernels[node.kernel].pointwise &&
      shape.length > 0 &&
      shape.length <= highestRank &&
      sizeOf(shape) <= largest &&
      operands(node).every((x) => x.shape.length === 0 || sameShape(x.shape, shape))
    if (fits && !open.has(id)) region.push(node)
    else for (const input of operands(node)) open.add(input.id)
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
    const read = Object.entries<Value>(inputs).map(([key, value]) => [key, name(value)])
    const { id, dtype } = outputs[0]!
    names.set(id, `call ${i} ${dtype}`)
    if (all.has(id)) ends.push(i)
    return [kernel, read, attributes]
  })
  return { nodes, leaves, ends, signature: signatureOf([lines, ends]) }
}

/** Whether fewer calls are left, those that flatten, join and cut counted. */
function isWorthwhile(alike: readonly Update[]): boolean {
  const { nodes, leaves, ends } = alike[0]!
  const matrices = alike.filter((update) => update.nodes[0]!.outputs[0]!.shape.length > 1).length
  return (alike.length - 1) * nodes.length > (leaves.length + ends.length) * (1 + matrices)
}

/** Whether a value is that of a variable which an update alone reads, and the given result is all that comes of it. */
type IsOwn = (value: Value, next: Value) => boolean

function ownState({ outputs, variables }: Graph, nodes: readonly Node[]): IsOwn {
  const nexts = variables.flatMap(({ next }) => next ?? [])
  const read = [...outputs, ...nexts, ...nodes.flatMap(operands)]
  const elsewhere = new Set(read.map(({ id }) => id))
  const next = new Map(variables.map((variable) => [variable.value.id, variable.next?.id]))
  const isShared = (id: number): boolean => nexts.filter((value) => value.id === id).length > 1
  return ({ id }, result) => !elsewhere.has(id) && next.get(id) === result.id && !isShared(result.id)
}

interface Joined {
  readonly nodes: readonly Node[]
  /** What takes the place of variables that nothing else reads, as slots of optimisers: their joined values need not be cut apart. */
  readonly states: readonly State[]
}

function join(alike: readonly Update[], isOwn: IsOwn, fresh: Fresh): Joined {
  const [first] = alike as [Update, ...Update[]]
  const shapes = alike.map(({ nodes }) => nodes[0]!.outputs[0]!.shape)
  const sizes = shapes.map(sizeOf)
  const shape = [sizes.reduce((a, b) => a + b)]
  const joined = new Map<number, Value>()
  const nodes: Node[] = []
  const states: State[] = []
  const reshape = (x: Value, to: Value): Value => {
    nodes.push(callOf('Reshape', { x }, { shape: to.shape }, to))
    return to
  }
  const flat = (x: Value): Value => (x.shape.length === 1 ? x : reshape(x, fresh([sizeOf(x.shape)], x)))
  const resultOf = ({ nodes: calls }: Update, end: number): Value => calls[end]!.outputs[0]!
  /** The leaf that becomes the state of which an end is the next value. */
  const stateOf = new Map<number, number>()
  for (const [i] of first.leaves.entries()) {
    const end = first.ends.find((one) => {
      return !stateOf.has(one) && alike.every((update) => isOwn(update.leaves[i]!, resultOf(update, one)))
    })
    if (end !== undefined) stateOf.set(end, i)
  }
  const ownLeaves = new Set(stateOf.values())
  first.leaves.forEach((leaf, i) => {
    const whole = fresh(shape, leaf)
    joined.set(leaf.id, whole)
    if (ownLeaves.has(i)) return
    const parts = alike.map(({ leaves }) => flat(leaves[i]!))
    nodes.push(callOf('Concat', listed(parts), { axis: 0 }, whole))
  })
  for (const node of first.nodes) {
    const output = node.outputs[0]!
    const whole = fresh(shape, output)
    nodes.push(withOperands(node, (value) => joined.get(value.id) ?? value, [whole]))
    joined.set(output.id, whole)
  }
  for (const end of first.ends) {
    const whole = joined.get(resultOf(first, end).id)!
    const leaf = stateOf.get(end)
    if (leaf !== undefined) {
      const holds = alike.map(({ leaves }) => leaves[leaf]!)
      const value = joined.get(first.leaves[leaf]!.id)!
      states.push({ variable: { name: `state of ${alike.length}`, value, next: whole }, holds })
      continue
    }
    const results = alike.map((update) => resultOf(update, end))
    const pieces = results.map((value) =>
      value.shape.length === 1 ? value : fresh([sizeOf(value.shape)], value),
    )
    nodes.push({
      kernel: 'SplitV',
      inputs: { x: whole },
      attributes: { numOrSizeSplits: sizes, axis: 0 },
      outputs: pieces,
    })
    results.forEach((value, j) => {
      if (value !== pieces[j]) reshape(pieces[j]!, value)
    })
  }
  return { nodes, states }
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
