import {
  type Constant,
  callOf,
  callsInto,
  freshValues,
  type Graph,
  type Node,
  needed,
  operands,
  sizeOf,
  type Value,
  withOperands,
} from '@sgm/tensor/compile'
import { bundled, bundles, unbundled, vectorOf } from './bundle'
import { type Partition, partition } from './partition'
import { meetsRows, withRows } from './rows'

/** A graph in two: what is worked out for each of so many equal shares of its batch, at the same time, and what is made of that. */
export interface Shares {
  /**
   * Without variables: all that it reads is among its inputs. Its outputs are rows of the batch, and then sums over its own rows, bundled.
   * Many small arrays take longer on their way between threads than a large one.
   */
  readonly share: Graph
  /** How many of its outputs are rows. */
  readonly rows: number
  /** How many numbers its sums are. */
  readonly sums: number
  /** What each of the share's inputs is. */
  readonly reads: readonly Read[]
  /**
   * Its inputs are those of the whole graph, and then, for each bundle of sums, what each share has come to. Nothing, where the shares give
   * all that is wanted.
   */
  readonly rest: Graph | undefined
  /** Where each output of the whole graph comes from. */
  readonly outputs: readonly Source[]
}

/** An input of the whole graph; some of its variables, bundled; the numbers 0, 1, … of so many rows. Of what is cut, each share gets its own. */
export type Read =
  | { readonly from: 'inputs'; readonly index: number; readonly isCut: boolean }
  | { readonly from: 'variables'; readonly indices: readonly number[]; readonly isCut: false }
  | { readonly from: 'rows'; readonly length: number; readonly isCut: true }

export interface Source {
  readonly from: 'shares' | 'rest'
  readonly index: number
}

/** A graph as shares of its batch. Nothing, where its examples are not worked on apart, or it keeps rows of them in variables. */
export function sharesOf(graph: Graph, batch: number, count: number): Shares | undefined {
  if (count < 2 || batch % count !== 0) return undefined
  const made = partition(graph, batch, count)
  if (!made || graph.variables.some(({ next }) => next && made.cuts.get(next.id) === 'rows')) return undefined
  const given = new Set(graph.inputs.map(({ id }) => id))
  const rows = graph.outputs.filter(({ id }) => made.cuts.get(id) === 'rows' && !given.has(id))
  const fromShares = [...new Map(rows.map((value) => [value.id, value])).values()]
  const others = graph.outputs.filter(({ id }) => !fromShares.some((value) => value.id === id))
  const hasRest = others.length > 0 || graph.variables.some(({ next }) => next)
  const sums = made.perPart.filter(({ outputs }) => made.cuts.get(outputs[0]!.id) === 'sum')
  const bundledSums = bundles(hasRest ? sums : [], ({ outputs }) => outputs[0]!)
  return {
    ...shareOf(graph, made, count, fromShares, bundledSums),
    rows: fromShares.length,
    sums: bundledSums.flat().reduce((total, { outputs }) => total + sizeOf(outputs[0]!.shape), 0),
    rest: hasRest ? restOf({ ...graph, outputs: others }, made, bundledSums, count) : undefined,
    outputs: graph.outputs.map(({ id }) => {
      const index = fromShares.findIndex((value) => value.id === id)
      const from = index < 0 ? 'rest' : 'shares'
      return { from, index: index < 0 ? others.findIndex((value) => value.id === id) : index }
    }),
  }
}

/** What is worked out for one share: these rows, and what comes of the calls that sum over the batch. */
function shareOf(
  graph: Graph,
  { before, perPart, cuts }: Partition,
  count: number,
  rows: readonly Value[],
  sums: readonly (readonly Node[])[],
): Pick<Shares, 'share' | 'reads'> {
  const fresh = freshValues(graph)
  const nodes: Node[] = [...before]
  const isRows = ({ id }: Value): boolean => cuts.get(id) === 'rows'
  const parts = new Map<number, Value>()
  const cut = (value: Value): Value => {
    const part = fresh([value.shape[0]! / count, ...value.shape.slice(1)], value)
    parts.set(value.id, part)
    return part
  }
  const inputs = graph.inputs.map((value) => (isRows(value) ? cut(value) : value))
  const numbers = new Map<number, Value>()
  /** The share's part of a value; of one that is the same for all shares but meets rows, the rows of the share's numbers. */
  const partOf = (x: Value): Value => {
    const known = parts.get(x.id)
    if (known) return known
    const length = x.shape[0]!
    const indices = numbers.get(length) ?? fresh([length / count], { dtype: 'int32' })
    numbers.set(length, indices)
    const part = cut(x)
    nodes.push(callOf('GatherV2', { x, indices }, { axis: 0, batchDims: 0 }, part))
    return part
  }
  const partial = new Map<Node, Value>()
  for (const node of perPart) {
    const read = withOperands(node, (x) => (isRows(x) || meetsRows(node, x) ? partOf(x) : x))
    const outputs = node.outputs.map((value) => (isRows(value) ? cut(value) : fresh(value.shape, value)))
    nodes.push(withRows(read, outputs))
    partial.set(node, outputs[0]!)
  }
  const vectors = sums.map((group) =>
    bundled(
      nodes,
      group.map((node) => partial.get(node)!),
      fresh,
    ),
  )
  const outputs = [...rows.map(partOf), ...vectors]
  const live = needed(nodes, outputs)
  const read = new Set([...live.flatMap(operands), ...outputs].map(({ id }) => id))
  const states = [...graph.variables.entries()]
    .map(([index, { value }]) => ({ index, value }))
    .filter(({ value }) => read.has(value.id))
  const unpacking: Node[] = []
  const bundledStates = bundles(states, ({ value }) => value).map((group) => {
    const values = group.map(({ value }) => value)
    const vector = vectorOf(values, fresh)
    unbundled(unpacking, vector, values, fresh)
    return { vector, indices: group.map(({ index }) => index) }
  })
  const numbered = [...numbers].filter(([, { id }]) => read.has(id))
  return {
    share: {
      inputs: [
        ...inputs,
        ...bundledStates.map(({ vector }) => vector),
        ...numbered.map(([, value]) => value),
      ],
      draws: [],
      constants: graph.constants,
      variables: [],
      nodes: [...unpacking, ...live],
      outputs,
    },
    reads: [
      ...graph.inputs.map((value, index): Read => ({ from: 'inputs', index, isCut: isRows(value) })),
      ...bundledStates.map(({ indices }): Read => ({ from: 'variables', indices, isCut: false })),
      ...numbered.map(([length]): Read => ({ from: 'rows', length, isCut: true })),
    ],
  }
}

/** The graph that adds up what the shares have come to and makes the calls that wait for it. */
function restOf(
  graph: Graph,
  { before, after }: Partition,
  sums: readonly (readonly Node[])[],
  count: number,
): Graph {
  const fresh = freshValues(graph)
  const constants: Constant[] = [...graph.constants]
  const nodes: Node[] = []
  const call = callsInto(nodes)
  const entering: Value[] = []
  for (const group of sums) {
    // Of a mean, what each share has come to is the mean of its own rows.
    const added = group.map(({ kernel, outputs: [total] }) =>
      kernel === 'Mean' ? fresh(total!.shape, total!) : total!,
    )
    const partial = Array.from({ length: count }, () => vectorOf(added, fresh))
    entering.push(...partial)
    unbundled(
      nodes,
      partial.reduce((a, b) => call('Add', { a, b }, {}, fresh(a.shape, a))),
      added,
      fresh,
    )
    for (const [i, { kernel, outputs }] of group.entries()) {
      if (kernel !== 'Mean') continue
      const b = fresh([], added[i]!)
      constants.push({ value: b, data: Float32Array.of(1 / count) })
      call('Multiply', { a: added[i]!, b }, {}, outputs[0]!)
    }
  }
  nodes.push(...before, ...after)
  return { ...graph, inputs: [...graph.inputs, ...entering], constants, nodes }
}
