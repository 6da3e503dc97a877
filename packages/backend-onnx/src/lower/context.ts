import { type KernelName, type Node, sizeOf, type Value } from '@sgm/tensor/compile'
import type { Attributes, Builder } from '../builder'
import { between, identity, isReshape, type Order, permute, sameOrder } from '../layout'

/** Where a value of the graph is in the ONNX graph, and in which order its axes are stored there. */
export interface Placed {
  readonly name: string
  readonly order: Order
  /** Whether the order was chosen for want of a reason: it yields to any other. */
  readonly free?: boolean
}

/** Writes the ONNX operators of one call of a kernel, or of one of several. */
export type Rule<K extends KernelName = KernelName> = (context: Context, node: Node<K>) => void

/** A rule for each of some kernels. */
export type Rules<K extends KernelName> = { readonly [Name in K]: Rule<Name> }

/** What rules work with: names of values, in the order each operator needs. */
export class Context {
  readonly builder: Builder
  readonly gates: ReadonlySet<number>
  /** Channels of a block of the runtime's own convolutions, where it has them. */
  readonly channelBlock: number | undefined
  readonly #placed = new Map<number, Placed>()
  readonly #forms = new Map<string, string>()
  /** The first order in which each value was asked for that it did not have. */
  readonly wanted = new Map<number, Order>()

  /** @param gates The results of sigmoids that may lose their small values. @default none */
  constructor(builder: Builder, gates: ReadonlySet<number> = new Set(), channelBlock?: number) {
    this.builder = builder
    this.gates = gates
    this.channelBlock = channelBlock
  }

  /** Says where a value is. @param order @default as it is */
  place(value: Value, name: string, order: Order = identity(value.shape.length), free = false): void {
    this.#placed.set(value.id, { name, order, free })
  }

  /** Whether a value is made already. */
  isPlaced({ id }: Value): boolean {
    return this.#placed.has(id)
  }

  /** Where a value is now. */
  placed(value: Value): Placed {
    const placed = this.#placed.get(value.id)
    if (!placed) throw new Error(`backend-onnx: value ${value.id} is read before it is made`)
    return placed
  }

  /** The name of a value in the given order, its shape extended with ones in front where the order is longer. */
  as(value: Value, order: Order = identity(value.shape.length)): string {
    const { name, order: stored } = this.placed(value)
    if (sameOrder(stored, order)) return name
    if (order.length === stored.length && !this.wanted.has(value.id)) this.wanted.set(value.id, order)
    const form = `${value.id} ${order}`
    const known = this.#forms.get(form)
    if (known) return known
    const extra = order.length - value.shape.length
    const shape = [...Array<number>(extra).fill(1), ...value.shape]
    const from = [...identity(extra), ...stored.map((axis) => axis + extra)]
    const stretched = permute(shape, from)
    const transposition = between(from, order)
    let result = name
    if (isReshape(stretched, transposition)) {
      result = this.builder.reshape(name, permute(shape, order))
    } else {
      if (extra > 0) result = this.builder.reshape(name, stretched)
      result = this.builder.op('Transpose', [result], { perm: transposition })
    }
    this.#forms.set(form, result)
    return result
  }

  /** The name of what `write` writes, written once for each key. */
  once(key: string, write: () => string): string {
    const known = this.#forms.get(key)
    if (known) return known
    const name = write()
    this.#forms.set(key, name)
    return name
  }

  /** Writes an operator and makes its output the node's only output. */
  emit(node: Node, opType: string, input: readonly string[], attributes?: Attributes, order?: Order): void {
    this.place(node.outputs[0]!, this.builder.op(opType, input, attributes), order)
  }

  /**
   * The order in which values that meet element by element move the fewest numbers; the result has the rank of the
   * output.
   */
  common(values: readonly Value[], rank: number): Order {
    const large = values.filter(({ shape }) => shape.length === rank && sizeOf(shape) > 1)
    const settled = large.filter((value) => !this.placed(value).free)
    const full = settled.length > 0 ? settled : large
    let best: Order = identity(rank)
    let least = Number.POSITIVE_INFINITY
    for (const candidate of full) {
      const { order } = this.placed(candidate)
      const cost = full
        .filter((value) => !sameOrder(this.placed(value).order, order))
        .reduce((total, { shape }) => total + sizeOf(shape), 0)
      if (cost < least) {
        best = order
        least = cost
      }
    }
    return best
  }

  /**
   * Values in one order, ready to broadcast against each other: scalars stay as they are. The order is free where that of
   * each is.
   */
  aligned(values: readonly Value[], rank: number): { names: string[]; order: Order; free: boolean } {
    const order = this.common(values, rank)
    const free = values.every((value) => value.shape.length === 0 || this.placed(value).free)
    const plain = sameOrder(order, identity(rank))
    const names = values.map((value) => {
      if (value.shape.length === 0) return this.as(value)
      return plain ? this.as(value) : this.as(value, order)
    })
    return { names, order, free }
  }
}
