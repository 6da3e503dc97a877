import * as tf from '@tensorflow/tfjs'
import { dispose } from '../memory'
import type { TypedArray } from '../types'
import type { Constant, Graph, Node } from './graph'
import { interpret } from './interpret'
import { kernels } from './kernels'
import { callOf, givens, needed, operands, readIds, results, sizeOf, withOperands } from './rewrite'
import { signatureOf } from './signature'
import { spreadLate } from './spread'
import type { Value } from './value'
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
  for (const original of graph.nodes) {
    const node = withOperands(original, (value) => by.get(value.id) ?? value)
    const { kernel, inputs, attributes, outputs } = node
    const { copies } = kernels[kernel]
    const [x] = operands(node)
    if (copies && x && copies(x, outputs[0]!)) {
      by.set(outputs[0]!.id, x)
      continue
    }
    const ids = Object.entries<Value>(inputs).map(([name, { id }]) => [name, id])
    const signature = signatureOf([kernel, ids, attributes])
    const twin = seen.get(signature)
    if (twin) {
      outputs.forEach((value, i) => {
        by.set(value.id, twin.outputs[i]!)
      })
      continue
    }
    seen.set(signature, node)
    nodes.push(node)
  }
  return substitute(graph, nodes, by)
}

/** Small constants made more than once, such as the 2 of every `mul(x, 2)`. */
function equalConstants(constants: readonly Constant[]): Map<number, Value> {
  const by = new Map<number, Value>()
  const seen = new Map<string, Value>()
  for (const { value, data } of constants) {
    if (data.length > 64) continue
    const signature = signatureOf([value.dtype, value.shape, [...data]])
    const twin = seen.get(signature)
    if (twin) by.set(value.id, twin)
    else seen.set(signature, value)
  }
  return by
}

/**
 * Works out, on the CPU, where values can be read at once, every call whose inputs are all known. Values without elements are known
 * before any call: executors need no rules for them.
 */
async function foldConstants(graph: Graph): Promise<Graph> {
  const empty = givens(graph).filter(isEmpty)
  const known = new Set([...graph.constants.map(({ value }) => value), ...empty].map(({ id }) => id))
  const made: Value[] = []
  const folded: Node[] = []
  const nodes: Node[] = []
  for (const node of graph.nodes) {
    const { fills, repeats } = kernels[node.kernel]
    // The runtime repeats as well, and the shape stays one that may follow the batch.
    const small = !repeats && node.outputs.every(({ shape }) => sizeOf(shape) <= FOLD_LIMIT)
    if (node.outputs.every(isEmpty)) made.push(...node.outputs)
    else if (small && (fills !== undefined || operands(node).every(({ id }) => known.has(id)))) {
      folded.push(fills === undefined ? node : filled(node.outputs[0]!, fills))
    } else {
      nodes.push(node)
      continue
    }
    for (const { id } of node.outputs) known.add(id)
  }
  const used = readIds({ ...graph, nodes })
  const wanted = folded.flatMap(({ outputs }) => outputs).filter(({ id }) => used.has(id))
  const constants: Constant[] = [...graph.constants, ...made.map(withoutElements)]
  const all = [...constants, ...empty.map(withoutElements)]
  const tensors = onCpu(() => interpret({ constants: all, nodes: folded }, new Map(), wanted))
  for (const [i, value] of wanted.entries()) {
    constants.push({ value, data: valuesAs(value.dtype, (await tensors[i]!.data()).slice() as TypedArray) })
  }
  dispose(tensors)
  return { ...graph, constants, nodes }
}

const isEmpty = ({ shape }: Value): boolean => shape.includes(0)

const withoutElements = (value: Value): Constant => ({
  value,
  data: valuesAs(value.dtype, new Float32Array(0)),
})

function onCpu<T>(work: () => T): T {
  const before = tf.getBackend()
  void tf.setBackend('cpu')
  try {
    return work()
  } finally {
    void tf.setBackend(before)
  }
}

function filled(output: Value, value: number): Node {
  const { shape, dtype } = output
  return callOf('Fill', {}, { shape, value, dtype }, output)
}

/** Drops what no result depends on. */
function prune(graph: Graph): Graph {
  const nodes = needed(graph.nodes, results(graph))
  const used = readIds({ ...graph, nodes })
  return { ...graph, nodes, constants: graph.constants.filter(({ value }) => used.has(value.id)) }
}
