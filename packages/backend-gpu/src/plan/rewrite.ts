import { callsInto, type Fresh, listed, type Node, type Value } from '@sgm/tensor/compile'

/** Values that one kernel may put together: each needs a binding of its own. */
const WIDEST = 4

/** Kernels that are others put together, as those. */
export function rewritten(nodes: readonly Node[], fresh: Fresh): Node[] {
  const rewriter = new Rewriter(fresh)
  for (const node of nodes) rewriter.add(node)
  return rewriter.nodes
}

class Rewriter {
  readonly nodes: Node[] = []
  readonly #call = callsInto(this.nodes)
  readonly #fresh: Fresh

  constructor(fresh: Fresh) {
    this.#fresh = fresh
  }

  add(node: Node): void {
    const [output] = node.outputs as readonly [Value]
    switch (node.kernel) {
      case 'Softmax':
      case 'LogSoftmax':
        this.#softmax(node)
        break
      case 'FusedBatchNorm':
        this.#batchNorm(node)
        break
      case 'Pack':
        this.#pack(node)
        break
      case 'Concat':
        this.#concat(Object.values(node.inputs), node.attributes.axis, output)
        break
      case 'AddN':
        this.#addN(Object.values(node.inputs), output)
        break
      default:
        this.nodes.push(node)
    }
  }

  /** e^(x − max x) over its sum; logarithms subtract the sum's. */
  #softmax({ kernel, inputs: { logits: x }, outputs }: Node<'Softmax' | 'LogSoftmax'>): void {
    const [output] = outputs as readonly [Value]
    const row = [...x.shape.slice(0, -1), 1]
    const full = (): Value => this.#fresh(x.shape, x)
    const largest = this.#call('Max', { x }, { reductionIndices: -1, keepDims: true }, this.#fresh(row, x))
    const moved = this.#call('Sub', { a: x, b: largest }, {}, full())
    const powers = this.#call('Exp', { x: moved }, {}, full())
    const total = this.#call('Sum', { x: powers }, { axis: -1, keepDims: true }, this.#fresh(row, x))
    if (kernel === 'Softmax') this.#call('RealDiv', { a: powers, b: total }, {}, output)
    else
      this.#call('Sub', { a: moved, b: this.#call('Log', { x: total }, {}, this.#fresh(row, x)) }, {}, output)
  }

  #batchNorm({ inputs, attributes, outputs }: Node<'FusedBatchNorm'>): void {
    const { x, mean, variance, scale, offset } = inputs
    const [output] = outputs as readonly [Value]
    const full = (): Value => this.#fresh(x.shape, x)
    const epsilon = this.#call(
      'Fill',
      {},
      { shape: [], value: attributes.varianceEpsilon },
      this.#fresh([], x),
    )
    const safe = this.#call('Add', { a: variance, b: epsilon }, {}, this.#fresh(variance.shape, x))
    let gain = this.#call('Rsqrt', { x: safe }, {}, this.#fresh(variance.shape, x))
    if (scale) gain = this.#call('Multiply', { a: gain, b: scale }, {}, this.#fresh(variance.shape, x))
    const centred = this.#call('Sub', { a: x, b: mean }, {}, full())
    const scaled = this.#call('Multiply', { a: centred, b: gain }, {}, offset ? full() : output)
    if (offset) this.#call('Add', { a: scaled, b: offset }, {}, output)
  }

  #pack({ inputs, attributes, outputs }: Node<'Pack'>): void {
    const [output] = outputs as readonly [Value]
    const axis = attributes.axis < 0 ? attributes.axis + output.shape.length : attributes.axis
    const parts = Object.values(inputs).map((input) =>
      this.#call('ExpandDims', { input }, { dim: axis }, this.#fresh(output.shape.with(axis, 1), input)),
    )
    this.#concat(parts, axis, output)
  }

  /** Joins a few values at a time, what is joined being put into memory in between. */
  #concat(values: readonly Value[], given: number, output: Value): void {
    const axis = given < 0 ? given + output.shape.length : given
    if (values.length <= WIDEST) {
      this.#call('Concat', listed(values), { axis }, output)
      return
    }
    const joined = chunks(values).map((few) => {
      const length = few.reduce((total, { shape }) => total + shape[axis]!, 0)
      const part = this.#fresh(output.shape.with(axis, length), output)
      this.#call('Concat', listed(few), { axis }, part)
      return this.#call('Identity', { x: part }, {}, this.#fresh(part.shape, part))
    })
    this.#concat(joined, axis, output)
  }

  #addN(values: readonly Value[], output: Value): void {
    if (values.length <= WIDEST) {
      this.#call('AddN', listed(values), {}, output)
      return
    }
    const sums = chunks(values).map((few) =>
      this.#call('AddN', listed(few), {}, this.#fresh(output.shape, output)),
    )
    this.#addN(sums, output)
  }
}

function chunks<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / WIDEST) }, (_, i) =>
    items.slice(WIDEST * i, WIDEST * (i + 1)),
  )
}
