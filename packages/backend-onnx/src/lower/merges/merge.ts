import type { TypedArray } from '@sgm/tensor'
import { type Graph, type Node, operands, results, type Value } from '@sgm/tensor/compile'
import type { Context } from '../context'

/** Calls that are made at once, by fewer or faster operators than one by one. */
export interface Merge {
  /** The calls before the last, in any order, which nobody but these reads: it is enough to make the last. */
  readonly inner: readonly Node[]
  /** Whether it is worth it, where operands lie as they do when the first of the calls comes. @default always */
  readonly pays?: (context: Context) => boolean
  /** Writes the last call's output. */
  readonly write: (context: Context, output: Value) => void
}

/** What ends with a call and may be made at once, if there is such. */
export type Finder = (node: Node, reading: Reading) => Merge | undefined

/** The operands of a sum or product, and the same the other way round. */
export const eitherWay = ({ inputs: { a, b } }: Node<'Add' | 'Multiply'>) => [[a, b], [b, a]] as const // biome-ignore format: either way

/** Who makes and who reads the values of a graph. */
export class Reading {
  readonly #makers: ReadonlyMap<number, Node>
  readonly #readers = new Map<number, Node[]>()
  readonly #results: ReadonlySet<number>
  readonly #constants: ReadonlyMap<number, TypedArray>

  constructor(graph: Graph) {
    this.#makers = new Map(graph.nodes.flatMap((node) => node.outputs.map(({ id }) => [id, node] as const)))
    this.#results = new Set(results(graph).map(({ id }) => id))
    this.#constants = new Map(graph.constants.map(({ value, data }) => [value.id, data]))
    for (const node of graph.nodes) {
      for (const { id } of operands(node)) {
        const known = this.#readers.get(id)
        if (known) known.push(node)
        else this.#readers.set(id, [node])
      }
    }
  }

  /** The call that makes a value, if one does. */
  maker({ id }: Value): Node | undefined {
    return this.#makers.get(id)
  }

  /** The same if one operand of one call is all that reads the value. */
  makerForOne(value: Value): Node | undefined {
    return this.readers(value).length === 1 && !this.#results.has(value.id) ? this.maker(value) : undefined
  }

  /** The calls that read a value, twice those that do so twice. */
  readers({ id }: Value): readonly Node[] {
    return this.#readers.get(id) ?? []
  }

  /** The number that a value is, if it is a constant of one. */
  number({ id }: Value): number | undefined {
    const data = this.#constants.get(id)
    return data?.length === 1 ? data[0] : undefined
  }

  /** Whether only calls of the given ones read what a call makes. */
  isWithin({ outputs }: Node, calls: ReadonlySet<Node>): boolean {
    return outputs.every(
      (value) => !this.#results.has(value.id) && this.readers(value).every((reader) => calls.has(reader)),
    )
  }
}
