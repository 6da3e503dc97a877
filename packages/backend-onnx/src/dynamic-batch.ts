import type { Affine } from './affine'
import { type AtBatch, type BatchPattern, patternOf } from './batch-pattern'
import {
  attributeType,
  elementType,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './proto'

/** Where a model can read the batch size: axis 0 of this input. */
type BatchInput = string

/**
 * One model for every batch size, from models of the same function at three sizes or more: sizes, ends of slices and the like that differ
 * are put back as `constant + slope · B`.
 *
 * @param input The name of an input whose axis 0 is the batch.
 * @throws Error that says what differs, when the models differ in more than that.
 */
export function mergeBatches(
  models: readonly [AtBatch, ...AtBatch[]],
  input: BatchInput,
  { constants, shapes }: BatchPattern = patternOf(models),
): ModelProto {
  const [{ proto }] = models
  const { graph } = proto
  const sizes = new Sizes(input)
  const initializer = graph.initializer.flatMap((tensor, i): TensorProto[] => {
    const rule = constants[i]!
    if (typeof rule === 'string') return [tensor]
    const reshaped = openShape(rule)
    const readers = graph.node.filter((node) => node.input.includes(tensor.name))
    if (reshaped && readers.every(({ opType }) => opType === 'Reshape'))
      return [longTensor(tensor.name, reshaped)]
    sizes.add(tensor.name, rule)
    return []
  })
  const open = (values: readonly ValueInfoProto[], rules: readonly Affine[]): ValueInfoProto[] =>
    values.map((value, i) => withShape(value, rules[i]!))
  return {
    ...proto,
    graph: {
      ...graph,
      node: [...sizes.nodes, ...graph.node],
      initializer: [...initializer, ...sizes.initializer],
      input: open(graph.input, shapes),
      output: open(graph.output, shapes.slice(graph.input.length)),
    },
  }
}

/** The shape for a Reshape that works out the size that grows with the batch by itself; undefined where there are more such. */
function openShape({ constant, slope }: Affine): number[] | undefined {
  const open = slope.findIndex((k) => k !== 0)
  const single = slope.filter((k) => k !== 0).length === 1 && !constant.includes(0, open + 1)
  return single ? constant.map((size, axis) => (axis === open ? -1 : size)) : undefined
}

/** Operators that work out sizes from the batch size. */
class Sizes {
  readonly nodes: NodeProto[] = []
  readonly initializer: TensorProto[] = []
  readonly #input: BatchInput

  constructor(input: BatchInput) {
    this.#input = input
  }

  add(name: string, { constant, slope }: Affine): void {
    if (this.nodes.length === 0) {
      const whole = ['start', 'end'].map((bound, i) => ({ name: bound, type: attributeType.int, i }))
      this.#op('Shape', [this.#input], 'batch_size', whole)
    }
    this.initializer.push(longTensor(`${name}_slope`, slope), longTensor(`${name}_constant`, constant))
    this.#op('Mul', ['batch_size', `${name}_slope`], `${name}_grown`)
    this.#op('Add', [`${name}_grown`, `${name}_constant`], name)
  }

  #op(opType: string, input: string[], output: string, attribute: NodeProto['attribute'] = []): void {
    this.nodes.push({ opType, input, output: [output], name: output, attribute })
  }
}

/** The declaration of a value whose shape follows a rule. */
function withShape(value: ValueInfoProto, { constant, slope }: Affine): ValueInfoProto {
  const { elemType } = value.type.tensorType!
  const dim = constant.map((c, axis) => {
    const k = slope[axis]!
    return k === 0
      ? { dimValue: c }
      : { dimParam: `${k === 1 ? '' : `${k}*`}batch${c === 0 ? '' : ` + ${c}`}` }
  })
  return { ...value, type: { tensorType: { elemType, shape: { dim } } } }
}

function longTensor(name: string, values: readonly number[]): TensorProto {
  const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
  return { name, dims: [values.length], dataType: elementType.int64, rawData }
}
