import { dispose } from '../memory'
import type { TypedArray } from '../types'
import { type Constant, type Graph, type Node, results, type Value } from './graph'
import { interpret, needed } from './interpret'
import { spreadLate } from './spread'
import { valuesAs } from './values'

/** Larger results are left to the runtime: folding would only make the graph bigger. */
const FOLD_LIMIT = 1 << 16

/** The same function in fewer nodes: no copies, nothing twice or repeated early, constants worked out, nothing unused. */
export async function optimize(graph: Graph): Promise<Graph> {
  return prune(await foldConstants(shareEqual(spreadLate(shareEqual(graph)))))
}

/** Values replaced by equal ones, throughout. */
function substitute(graph: Graph, nodes: readonly Node[], by: ReadonlyMap<number, Value>): Graph {
  const swap = (value: Value): Value => by.get(value.id) ?? value
  return {
    ...graph,
    nodes,
    outputs: graph.outputs.map(swap),
    variables: graph.variables.map((v) => (v.next ? { ...v, next: swap(v.next) } : v)),
  }
}

/** Removes copies (Identity, Cast and Reshape to what is there already) and merges equal calls. */
function shareEqual(graph: Graph): Graph {
  const by = equalConstants(graph.constants)
  const seen = new Map<string, Node>()
  const nodes: Node[] = []
  for (const node of graph.nodes) {
    const inputs = Object.fromEntries(
      Object.entries(node.inputs).map(([name, value]) => [name, by.get(value.id) ?? value]),
    )
    const [output] = node.outputs
    const { x } = inputs
    if (x && output && isCopy(node.kernel, x, output)) {
      by.set(output.id, x)
      continue
    }
    const ids = Object.entries(inputs).map(([name, { id }]) => [name, id])
    const signature = JSON.stringify([node.kernel, ids, node.attributes])
    const twin = seen.get(signature)
    if (twin) {
      node.outputs.forEach((value, i) => {
        by.set(value.id, twin.outputs[i]!)
      })
      continue
    }
    const kept = { ...node, inputs }
    seen.set(signature, kept)
    nodes.push(kept)
  }
  return substitute(graph, nodes, by)
}

/** Small constants made more than once, such as the 2 of every `mul(x, 2)`. */
function equalConstants(constants: readonly Constant[]): Map<number, Value> {
  const by = new Map<number, Value>()
  const seen = new Map<string, Value>()
  for (const { value, data } of constants) {
    if (data.length > 64) continue
    const signature = `${value.dtype} ${value.shape} ${data}`
    const twin = seen.get(signature)
    if (twin) by.set(value.id, twin)
    else seen.set(signature, value)
  }
  return by
}

function isCopy(kernel: string, x: Value, output: Value): boolean {
  if (kernel === 'Identity') return true
  if (kernel === 'Cast') return x.dtype === output.dtype
  if (kernel === 'Reshape' || kernel === 'BroadcastTo') return sameShape(x, output)
  return false
}

function sameShape(a: Value, b: Value): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, i) => size === b.shape[i])
}

/** Works out, on the current backend, every call whose inputs are all known. */
async function foldConstants(graph: Graph): Promise<Graph> {
  const known = new Set(graph.constants.map(({ value }) => value.id))
  const folded: Node[] = []
  const nodes: Node[] = []
  for (const node of graph.nodes) {
    const small =
      !SPREADING.has(node.kernel) &&
      node.outputs.every(({ shape }) => shape.reduce((a, b) => a * b, 1) <= FOLD_LIMIT)
    if (
      small &&
      (SHAPE_ONLY.has(node.kernel) || Object.values(node.inputs).every(({ id }) => known.has(id)))
    ) {
      for (const { id } of node.outputs) known.add(id)
      folded.push(SHAPE_ONLY.has(node.kernel) ? fill(node) : node)
    } else nodes.push(node)
  }
  const used = new Set(
    [...nodes.flatMap(({ inputs }) => Object.values(inputs)), ...results(graph)].map(({ id }) => id),
  )
  const wanted = folded.flatMap(({ outputs }) => outputs).filter(({ id }) => used.has(id))
  const tensors = interpret({ constants: graph.constants, nodes: folded }, new Map(), wanted)
  const constants: Constant[] = [...graph.constants]
  for (const [i, value] of wanted.entries()) {
    constants.push({ value, data: valuesAs(value.dtype, (await tensors[i]!.data()).slice() as TypedArray) })
  }
  dispose(tensors)
  return { ...graph, constants, nodes }
}

/** Kernels that repeat their input: the runtime does it as well, and the shape stays one that may follow the batch. */
const SPREADING = new Set(['BroadcastTo', 'Tile'])

/** Kernels whose result depends on their input's shape alone. */
const SHAPE_ONLY = new Set(['ZerosLike', 'OnesLike'])

function fill({ kernel, outputs }: Node): Node {
  const { shape, dtype } = outputs[0]!
  return {
    kernel: 'Fill',
    inputs: {},
    attributes: { shape, value: kernel === 'OnesLike' ? 1 : 0, dtype },
    outputs,
  }
}

/** Drops what no result depends on, and merges equal constants. */
function prune(graph: Graph): Graph {
  const nodes = needed(graph.nodes, results(graph))
  const used = new Set(
    [...nodes.flatMap(({ inputs }) => Object.values(inputs)), ...results(graph)].map(({ id }) => id),
  )
  return { ...graph, nodes, constants: graph.constants.filter(({ value }) => used.has(value.id)) }
}
