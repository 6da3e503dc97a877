import type { Graph, Node } from '@sgm/tensor/compile'
import type { Context } from '../context'
import { biasedProduct } from './biased-product'
import { groupNorm } from './group-norm'
import { type Finder, type Merge, Reading } from './merge'
import { scaleAndShift } from './scale-and-shift'
import { siluDerivative } from './silu-derivative'
import { softmaxGradient } from './softmax-gradient'

/** What takes many calls comes before what takes few of the same. */
const finders: readonly Finder[] = [groupNorm, scaleAndShift, siluDerivative, biasedProduct, softmaxGradient]

/** The calls of a graph that are made at once. */
export class Merges {
  readonly #last = new Map<Node, Merge>()
  readonly #inner = new Map<Node, Merge>()
  /** By the first of their calls. */
  readonly #first: ReadonlyMap<Node, Merge>
  /** Those that pay. */
  readonly #done = new Set<Merge>()

  constructor(graph: Graph) {
    const reading = new Reading(graph)
    for (const find of finders) {
      for (const node of graph.nodes)
        this.#add(node, this.has(node) ? undefined : find(node, reading), reading)
    }
    const firsts = new Map<Merge, Node>()
    for (const node of graph.nodes.toReversed()) {
      const merge = this.#inner.get(node)
      if (merge) firsts.set(merge, node)
    }
    this.#first = new Map([...firsts].map(([merge, node]) => [node, merge]))
  }

  #add(node: Node, found: Merge | undefined, reading: Reading): void {
    if (!found || found.inner.some((one) => this.has(one))) return
    const calls = new Set([...found.inner, node])
    if (!found.inner.every((one) => reading.isWithin(one, calls))) return
    this.#last.set(node, found)
    for (const one of found.inner) this.#inner.set(one, found)
  }

  /** Writes a call if it is the last of some that are made at once, and leaves it out if it is another of them. */
  lower(context: Context, node: Node): boolean {
    const first = this.#first.get(node)
    if (first && (first.pays?.(context) ?? true)) this.#done.add(first)
    const inner = this.#inner.get(node)
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
