import type { Node, Value } from '@sgm/tensor'
import type { Attributes, Builder } from '../builder'
import { between, identity, isReshape, type Order, permute, sameOrder } from '../layout'

/** Where a value of the graph is in the ONNX graph, and in which order its axes are stored there. */
export interface Placed {
  readonly name: string
  readonly order: Order
}

/** Writes the ONNX operators of one tfjs kernel call. */
export type Rule = (context: Context, node: Node) => void

/** What rules work with: names of values, in the order each operator needs. */
export class Context {
  readonly builder: Builder
  readonly #placed = new Map<number, Placed>()
  readonly #forms = new Map<string, string>()

  constructor(builder: Builder) {
    this.builder = builder
  }

  /** Says where a value is. @param order @default as it is */
  place(value: Value, name: string, order: Order = identity(value.shape.length)): void {
    this.#placed.set(value.id, { name, order })
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
      result = this.builder.op('Reshape', [name, this.builder.ints(permute(shape, order))])
    } else {
      if (extra > 0) result = this.builder.op('Reshape', [name, this.builder.ints(stretched)])
      result = this.builder.op('Transpose', [result], { perm: transposition })
    }
    this.#forms.set(form, result)
    return result
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
    const full = values.filter(({ shape }) => shape.length === rank && size(shape) > 1)
    let best: Order = identity(rank)
    let least = Number.POSITIVE_INFINITY
    for (const candidate of full) {
      const { order } = this.placed(candidate)
      const cost = full
        .filter((value) => !sameOrder(this.placed(value).order, order))
        .reduce((total, { shape }) => total + size(shape), 0)
      if (cost < least) {
        best = order
        least = cost
      }
    }
    return best
  }

  /** Values in one order, ready to broadcast against each other: scalars stay as they are. */
  aligned(values: readonly Value[], rank: number): { names: string[]; order: Order } {
    const order = this.common(values, rank)
    const plain = sameOrder(order, identity(rank))
    const names = values.map((value) => {
      if (value.shape.length === 0) return this.as(value)
      return plain ? this.as(value) : this.as(value, order)
    })
    return { names, order }
  }
}

/** Number of elements. */
export function size(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1)
}
