import type { Graph, Node } from '@sgm/tensor/compile'
import type { Context } from '../context'
import { biasedProduct } from './biased-product'
import { type Finder, type Merge, Reading } from './merge'
import { scaleAndShift } from './scale-and-shift'
import { siluDerivative } from './silu-derivative'
import { softmaxGradient } from './softmax-gradient'

const finders: readonly Finder[] = [scaleAndShift, siluDerivative, biasedProduct, softmaxGradient]

function foundAt(node: Node, reading: Reading): Merge | undefined {
  for (const find of finders) {
    const found = find(node, reading)
    if (found) return found
  }
  return undefined
}

/** The calls of a graph that are made at once. */
export class Merges {
  readonly #last = new Map<Node, Merge>()
  readonly #inner = new Map<Node, Merge>()
  /** Those that pay. */
  readonly #done = new Set<Merge>()

  constructor(graph: Graph) {
    const reading = new Reading(graph)
    for (const node of graph.nodes) {
      const found = foundAt(node, reading)
      if (!found || this.#inner.has(node) || found.inner.some((one) => this.has(one))) continue
      const calls = new Set([...found.inner, node])
      if (!found.inner.every((one) => reading.isWithin(one, calls))) continue
      this.#last.set(node, found)
      for (const one of found.inner) this.#inner.set(one, found)
    }
  }

  /** Writes a call if it is the last of some that are made at once, and leaves it out if it is another of them. */
  lower(context: Context, node: Node): boolean {
    const inner = this.#inner.get(node)
    if (inner && node === inner.inner[0] && (inner.pays?.(context) ?? true)) this.#done.add(inner)
    if (inner && this.#done.has(inner)) return true
    const last = this.#last.get(node)
    if (!last || !this.#done.has(last)) return false
    last.write(context, node.outputs[0]!)
    return true
  }

  /** Whether a call may be one of those that are made at once. */
  has(node: Node): boolean {
    return this.#inner.has(node) || this.#last.has(node)
  }
}

/** The calls of a graph that the native runtime makes at once. */
export const mergesOf = (graph: Graph): Merges => new Merges(graph)
