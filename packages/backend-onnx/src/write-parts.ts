import {
  type Constant,
  callsInto,
  type Fresh,
  freshValues,
  type Graph,
  listed,
  type Node,
  operands,
  results,
  sizeOf,
  type Value,
  withOperands,
} from '@sgm/tensor/compile'
import type { Partition } from './partition'
import { meetsRows, withRows } from './rows'

/** The graph that makes the calls `perPart` for one of so many equal parts of the batch after the other. */
export function writeParts(graph: Graph, partition: Partition, count: number): Graph {
  const { before, perPart, after } = partition
  const writer = new Writer(graph, partition, count)
  writer.nodes.push(...before)
  for (const node of perPart) writer.enter(node)
  for (let i = 0; i < count; i++) {
    if (i > 0) writer.wait(i)
    for (const node of perPart) writer.call(node, i)
  }
  writer.finish(results(graph))
  writer.nodes.push(...after)
  return { ...graph, constants: writer.constants, nodes: writer.nodes }
}

class Writer {
  readonly nodes: Node[] = []
  readonly #call = callsInto(this.nodes)
  readonly constants: Constant[]
  readonly #cuts: Partition['cuts']
  readonly #count: number
  /** What is cut before the calls begin. */
  readonly #entering: Value[] = []
  /** The parts of all that is cut, of what the calls make so far as they have been made. */
  readonly #parts = new Map<number, Value[]>()
  /** What the calls that sum over the batch have come to. */
  readonly #sums = new Map<Node, Value>()
  readonly #fresh: Fresh

  constructor(graph: Graph, { cuts }: Partition, count: number) {
    this.constants = [...graph.constants]
    this.#cuts = cuts
    this.#count = count
    this.#fresh = freshValues(graph)
  }

  /** Cuts what a call needs in parts and no earlier call makes. */
  enter(node: Node): void {
    for (const x of operands(node)) {
      if (!this.#isCut(node, x) || this.#parts.has(x.id)) continue
      const outputs = Array.from({ length: this.#count }, () => this.#partOf(x))
      const attributes = { numOrSizeSplits: outputs.map(({ shape }) => shape[0]!), axis: 0 }
      this.nodes.push({ kernel: 'SplitV', inputs: { x }, attributes, outputs })
      this.#parts.set(x.id, [...outputs])
      this.#entering.push(x)
    }
    for (const { id } of node.outputs.filter(this.#isRows)) this.#parts.set(id, [])
  }

  /**
   * Lets part i begin when what the parts before sum over the batch has been added up: left to itself, ONNX Runtime would work out the
   * sums of all parts in the end, when what they are made of has long left the caches. Each value that enters is joined with one element
   * of each sum, and cut off again.
   */
  wait(i: number): void {
    const sums = [...this.#sums.values()].filter(
      ({ shape, dtype }) => shape.length > 0 && dtype === 'float32',
    )
    const marks = sums.map((sum) => this.#reshape(this.#slice(sum, Array(sum.shape.length).fill(1)), [1]))
    if (marks.length === 0) return
    for (const { id } of this.#entering.filter(({ dtype }) => dtype === 'float32')) {
      const parts = this.#parts.get(id)!
      const part = parts[i]!
      const length = sizeOf(part.shape)
      const joined = listed([this.#reshape(part, [length]), ...marks])
      const long = this.#call('Concat', joined, { axis: 0 }, this.#fresh([length + marks.length], part))
      parts[i] = this.#reshape(this.#slice(long, [length]), part.shape)
    }
  }

  /** Makes a call for part i, and adds up what it sums over the batch. */
  call(node: Node, i: number): void {
    const outputs = node.outputs.map((value) => {
      return this.#isRows(value) ? this.#partOf(value) : this.#fresh(value.shape, value)
    })
    const part = (value: Value): Value => (this.#isCut(node, value) ? this.#parts.get(value.id)![i]! : value)
    this.nodes.push(withRows(withOperands(node, part), outputs))
    if (this.#isRows(node.outputs[0]!)) {
      node.outputs.forEach(({ id }, j) => {
        this.#parts.get(id)!.push(outputs[j]!)
      })
      return
    }
    const a = this.#sums.get(node)
    const [b] = outputs as [Value]
    const isTotal = i === this.#count - 1 && node.kernel !== 'Mean'
    this.#sums.set(
      node,
      a ? this.#call('Add', { a, b }, {}, isTotal ? node.outputs[0]! : this.#fresh(b.shape, b)) : b,
    )
  }

  /** Works out means, and joins the parts of the rows that are wanted whole. */
  finish(wanted: readonly Value[]): void {
    for (const [{ kernel, outputs }, a] of this.#sums) {
      if (kernel !== 'Mean') continue
      const b = this.#fresh([], a)
      this.constants.push({ value: b, data: Float32Array.of(1 / this.#count) })
      this.#call('Multiply', { a, b }, {}, outputs[0]!)
    }
    const entering = new Set(this.#entering.map(({ id }) => id))
    for (const value of new Map(wanted.map((one) => [one.id, one])).values()) {
      if (!this.#isRows(value) || entering.has(value.id)) continue
      this.#call('Concat', listed(this.#parts.get(value.id)!), { axis: 0 }, value)
    }
  }

  readonly #isRows = ({ id }: Value): boolean => this.#cuts.get(id) === 'rows'

  #isCut(node: Node, value: Value): boolean {
    return this.#isRows(value) || meetsRows(node, value)
  }

  /** The first elements along each axis. */
  #slice(x: Value, shape: readonly number[]): Value {
    return this.#call('Slice', { x }, { begin: shape.map(() => 0), size: shape }, this.#fresh(shape, x))
  }

  #reshape(x: Value, shape: readonly number[]): Value {
    return this.#call('Reshape', { x }, { shape }, this.#fresh(shape, x))
  }

  #partOf(value: Value): Value {
    return this.#fresh([value.shape[0]! / this.#count, ...value.shape.slice(1)], value)
  }
}
