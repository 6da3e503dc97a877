import type { Variable } from '../../types'
import type { Constant, GraphVariable, Node } from '../graph'
import { callOf, type Fresh, withOperands } from '../rewrite'
import type { Value } from '../value'
import type { Inlined } from './inlined'
import type { Call } from './segment'

/** Nodes in which called functions stand with their graphs, and what these bring along, once for all calls. */
export interface Spliced {
  readonly nodes: readonly Node[]
  readonly constants: readonly Constant[]
  readonly variables: readonly GraphVariable[]
  /** The tensors behind the variables. */
  readonly tensors: readonly Variable[]
}

/**
 * Puts the graphs of called functions where the calls are.
 *
 * @param nodes What each node of the recording has become.
 */
export function splice(nodes: readonly (readonly Node[])[], calls: readonly Call[], fresh: Fresh): Spliced {
  const library = new Library(fresh)
  const all: Node[] = []
  let done = 0
  for (const { inlined, inputs, output, after } of calls) {
    all.push(
      ...nodes.slice(done, after).flat(),
      ...bodyOf(inlined, inputs, output, library.of(inlined), fresh),
    )
    done = after
  }
  all.push(...nodes.slice(done).flat())
  return {
    nodes: all,
    constants: library.constants,
    variables: library.variables.map(({ entry }) => entry),
    tensors: library.variables.map(({ tensor }) => tensor),
  }
}

/** The constants and variables of called functions under names of the graph that calls them. */
class Library {
  readonly constants: Constant[] = []
  readonly variables: { readonly entry: GraphVariable; readonly tensor: Variable }[] = []
  readonly #known = new Map<Inlined, ReadonlyMap<number, Value>>()
  readonly #fresh: Fresh

  constructor(fresh: Fresh) {
    this.#fresh = fresh
  }

  of(inlined: Inlined): ReadonlyMap<number, Value> {
    const known = this.#known.get(inlined)
    if (known) return known
    const names = new Map<number, Value>()
    for (const { value, data } of inlined.graph.constants) {
      const own = this.#fresh(value.shape, value)
      names.set(value.id, own)
      this.constants.push({ value: own, data })
    }
    inlined.graph.variables.forEach(({ name, value }, i) => {
      const tensor = inlined.variables[i]!
      let one = this.variables.find((other) => other.tensor === tensor)
      if (!one) {
        one = { entry: { name, value: this.#fresh(value.shape, value) }, tensor }
        this.variables.push(one)
      }
      names.set(value.id, one.entry.value)
    })
    this.#known.set(inlined, names)
    return names
  }
}

function bodyOf(
  { graph, output: result }: Inlined,
  inputs: readonly Value[],
  output: Value,
  shared: ReadonlyMap<number, Value>,
  fresh: Fresh,
): Node[] {
  const names = new Map(shared)
  graph.inputs.forEach(({ id }, i) => {
    names.set(id, inputs[i]!)
  })
  const nodes = graph.nodes.map((node) => {
    const outputs = node.outputs.map((value) => {
      const own = fresh(value.shape, value)
      names.set(value.id, own)
      return own
    })
    return withOperands(node, ({ id }) => names.get(id)!, outputs)
  })
  return [...nodes, callOf('Identity', { x: names.get(result.id)! }, {}, output)]
}
