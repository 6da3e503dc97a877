import type { Constant, Graph, Node, Value } from '@sgm/tensor'
import { size } from './lower/context'
import { attributesOf, type Cut, cutOf, meetsRows } from './rows'

/**
 * Makes a graph work on some examples of a batch after the others, where its largest values would have more than `elements` elements:
 * a block's values then stay in the processor's caches from one kernel to the next, and matrix products that sum over the batch, such
 * as gradients of weights, are added up block by block.
 *
 * Sums over the batch are rounded otherwise. Graphs that mix their examples in other ways, as batch
 * normalisation does, stay as they are; so do those with convolutions, which ONNX Runtime blocks well by itself.
 */
export function inBlocks(graph: Graph, elements: number): Graph {
  const batch = batchOf(graph)
  const made = partition(graph, batch, 1)?.perBlock.flatMap(({ outputs }) => outputs) ?? []
  const largest = Math.max(0, ...made.map(({ shape }) => size(shape)))
  const parts = divisor(batch, largest / elements)
  return (parts && inParts(graph, parts)) || graph
}

/** A graph that works on so many equal parts of the batch after each other, if it can. */
export function inParts(graph: Graph, parts: number): Graph | undefined {
  const partitioned = partition(graph, batchOf(graph), parts)
  return partitioned && write(graph, partitioned, parts)
}

/** The size of the inputs' first axis; where they differ, the largest. */
function batchOf({ inputs }: Graph): number {
  return Math.max(1, ...inputs.map(({ shape }) => shape[0] ?? 1))
}

/** The least divisor that is no less than wanted; none where it would be more than twice that. */
function divisor(batch: number, wanted: number): number | undefined {
  if (wanted <= 1) return undefined
  for (let parts = Math.ceil(wanted); parts <= Math.min(batch, 2 * wanted); parts++) {
    if (batch % parts === 0) return parts
  }
  return undefined
}

/** Which calls are made when. */
interface Partition {
  readonly before: readonly Node[]
  readonly perBlock: readonly Node[]
  readonly after: readonly Node[]
  /** What becomes of the results of the calls that are made for each block. */
  readonly cuts: ReadonlyMap<number, Cut>
}

/** Nothing, where a call needs the whole of what is made block by block, or none is made so. */
function partition({ inputs, nodes }: Graph, batch: number, parts: number): Partition | undefined {
  const cuts = new Map<number, Cut>(
    inputs.filter(({ shape }) => shape[0] === batch).map(({ id }) => [id, 'rows']),
  )
  const late = new Set<number>()
  const [before, perBlock, after]: [Node[], Node[], Node[]] = [[], [], []]
  for (const node of nodes) {
    const read = Object.values(node.inputs)
    const cut = read.some(({ id }) => cuts.get(id) === 'rows')
    const waits = read.some(({ id }) => late.has(id) || cuts.get(id) === 'sum')
    if (cut) {
      const made = waits ? undefined : cutOf(node, ({ id }) => cuts.get(id) === 'rows', parts)
      if (!made) return undefined
      for (const { id } of node.outputs) cuts.set(id, made)
    } else if (waits) for (const { id } of node.outputs) late.add(id)
    ;(cut ? perBlock : waits ? after : before).push(node)
  }
  return perBlock.length > 0 ? { before, perBlock, after, cuts } : undefined
}

function write(graph: Graph, { before, perBlock, after, cuts }: Partition, parts: number): Graph {
  let nextId = 1 + Math.max(...valuesOf(graph).map(({ id }) => id))
  const fresh = (shape: readonly number[], { dtype }: Value): Value => ({ id: nextId++, shape, dtype })
  const nodes: Node[] = [...before]
  const constants: Constant[] = [...graph.constants]
  const isRows = ({ id }: Value): boolean => cuts.get(id) === 'rows'
  const partOf = (value: Value): Value => fresh([value.shape[0]! / parts, ...value.shape.slice(1)], value)

  /** The blocks of what is cut. */
  const blocks = new Map<number, Value[]>()
  const split = (x: Value): void => {
    if (blocks.has(x.id)) return
    const outputs = Array.from({ length: parts }, () => partOf(x))
    blocks.set(x.id, outputs)
    const attributes = { numOrSizeSplits: outputs.map(({ shape }) => shape[0]!), axis: 0 }
    nodes.push({ kernel: 'SplitV', inputs: { x }, attributes, outputs })
  }
  graph.inputs.filter(isRows).forEach(split)
  for (const node of perBlock) {
    for (const value of Object.values(node.inputs)) {
      if (!isRows(value) && meetsRows(node, value)) split(value)
    }
    for (const value of node.outputs.filter(isRows)) blocks.set(value.id, [])
  }

  const sums = new Map<number, Value>()
  const add = (part: Value, total: Value, { kernel, site }: Node, isLast: boolean): void => {
    const known = sums.get(total.id)
    const sum = !known ? part : isLast && kernel !== 'Mean' ? total : fresh(total.shape, total)
    sums.set(total.id, sum)
    if (known)
      nodes.push({ kernel: 'Add', inputs: { a: known, b: part }, attributes: {}, outputs: [sum], site })
    if (!isLast || kernel !== 'Mean') return
    const share: Value = fresh([], total)
    constants.push({ value: share, data: Float32Array.of(1 / parts) })
    nodes.push({ kernel: 'Multiply', inputs: { a: sum, b: share }, attributes: {}, outputs: [total], site })
  }
  for (let i = 0; i < parts; i++) {
    for (const node of perBlock) {
      const read = Object.entries(node.inputs).map(([name, value]) => {
        const part = isRows(value) || meetsRows(node, value) ? blocks.get(value.id)?.[i] : undefined
        return [name, part ?? value]
      })
      const outputs = node.outputs.map((value) => (isRows(value) ? partOf(value) : fresh(value.shape, value)))
      const attributes = attributesOf(node, outputs[0]!)
      nodes.push({ ...node, inputs: Object.fromEntries(read), attributes, outputs })
      node.outputs.forEach((value, j) => {
        if (isRows(value)) blocks.get(value.id)!.push(outputs[j]!)
        else add(outputs[j]!, value, node, i === parts - 1)
      })
    }
  }
  nodes.push(...after)
  const made = new Set(perBlock.flatMap(({ outputs }) => outputs.map(({ id }) => id)))
  const wanted = [...graph.outputs, ...graph.variables.flatMap(({ next }) => next ?? [])]
  for (const value of new Set(wanted.filter((one) => isRows(one) && made.has(one.id)))) {
    const inputs = Object.fromEntries(blocks.get(value.id)!.entries())
    nodes.push({ kernel: 'Concat', inputs, attributes: { axis: 0 }, outputs: [value] })
  }
  return { ...graph, constants, nodes }
}

function valuesOf({ inputs, constants, variables, nodes }: Graph): Value[] {
  const known = [...constants, ...variables].map(({ value }) => value)
  return [...inputs, ...known, ...nodes.flatMap(({ outputs }) => outputs)]
}
