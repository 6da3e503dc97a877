import { encodeModel } from './encode-model'
import { attributeType, elementType, type ModelProto, type NodeProto, type TensorProto } from './proto'

/** The same function's model at one batch size. */
export interface AtBatch {
  readonly batch: number
  readonly proto: ModelProto
}

/** Where a model can read the batch size: axis 0 of this input. */
type BatchInput = string

/** Whole numbers that depend on the batch size B: `constant + slope · B`, one by one. */
interface Affine {
  readonly constant: readonly number[]
  readonly slope: readonly number[]
}

/**
 * One model for every batch size, from models of the same function at three sizes: sizes, ends of slices and the like that differ
 * are put back as `constant + slope · B`, found from two of the models and checked on the third.
 *
 * @param input The name of an input whose axis 0 is the batch.
 * @throws Error that says what differs, when the models differ in more than that.
 */
export function mergeBatches(models: readonly [AtBatch, AtBatch, AtBatch], input: BatchInput): ModelProto {
  const [first, ...others] = models
  const { graph } = first.proto
  const operators = operatorsOf(first.proto)
  if (others.some(({ proto }) => !sameBytes(operatorsOf(proto), operators))) {
    throw refused('other operators at other sizes')
  }
  const nodes: NodeProto[] = graph.node.map((node) => ({ ...node }))
  const initializer: TensorProto[] = []
  const shapes = new Sizes(input)
  for (const [i, tensor] of graph.initializer.entries()) {
    const versions = models.map(({ proto }) => proto.graph.initializer[i]!)
    if (versions.every((version) => sameTensor(version, tensor))) {
      initializer.push(tensor)
      continue
    }
    const readers = nodes.filter((node) => node.input.includes(tensor.name))
    const kinds = [...new Set(readers.map(({ opType }) => opType))].join(', ')
    if (tensor.dataType !== elementType.int64 || versions.some(({ dims }) => dims[0] !== tensor.dims[0])) {
      throw refused(`values that depend on the batch size, read by ${kinds}`)
    }
    const rule = affine(
      models,
      versions.map((version) => [...longs(version)]),
    )
    if (!rule) throw refused(`sizes that do not grow evenly with the batch, read by ${kinds}`)
    const open = rule.slope.findIndex((k) => k !== 0)
    const single = rule.slope.filter((k) => k !== 0).length === 1 && !rule.constant.includes(0, open + 1)
    if (single && readers.every(({ opType }) => opType === 'Reshape')) {
      const sizes = rule.constant.map((size, axis) => (axis === open ? -1 : size))
      initializer.push(longTensor(tensor.name, sizes))
    } else shapes.add(tensor.name, rule)
  }
  const info = (key: 'input' | 'output') =>
    graph[key].map((value, i) => {
      const { elemType, shape } = value.type.tensorType!
      const sizes = models.map(({ proto }) =>
        proto.graph[key][i]!.type.tensorType!.shape.dim.map(({ dimValue }) => dimValue!),
      )
      const rule = affine(models, sizes)
      const dim = shape.dim.map(({ dimValue }, axis) =>
        rule?.slope[axis] === 0 ? { dimValue: dimValue! } : { dimParam: symbol(rule, axis) },
      )
      return { ...value, type: { tensorType: { elemType, shape: { dim } } } }
    })
  return {
    ...first.proto,
    graph: {
      ...graph,
      node: [...shapes.nodes, ...nodes],
      initializer: [...initializer, ...shapes.initializer],
      input: info('input'),
      output: info('output'),
    },
  }
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

/** The rule behind the same list of whole numbers at three batch sizes; undefined when there is none. */
function affine(models: readonly AtBatch[], versions: readonly (readonly number[])[]): Affine | undefined {
  const [a, b] = models as [AtBatch, AtBatch]
  const slope = versions[0]!.map((value, i) => (versions[1]![i]! - value) / (b.batch - a.batch))
  const constant = versions[0]!.map((value, i) => value - slope[i]! * a.batch)
  const holds = models.every(({ batch }, k) =>
    versions[k]!.every((value, i) => value === constant[i]! + slope[i]! * batch),
  )
  return holds && slope.every(Number.isInteger) ? { constant, slope } : undefined
}

function symbol(rule: Affine | undefined, axis: number): string {
  if (!rule) throw refused('results whose size does not grow evenly with the batch')
  const [k, c] = [rule.slope[axis]!, rule.constant[axis]!]
  return `${k === 1 ? '' : `${k}*`}batch${c === 0 ? '' : ` + ${c}`}`
}

function sameTensor(a: TensorProto, b: TensorProto): boolean {
  return (
    a.dims.length === b.dims.length &&
    a.dims.every((size, i) => size === b.dims[i]) &&
    sameBytes(a.rawData, b.rawData)
  )
}

/** The model without its constants, as bytes, which tell 0 from −0 and infinities from each other. */
function operatorsOf({ graph, ...model }: ModelProto): Uint8Array {
  return encodeModel({ ...model, graph: { ...graph, initializer: [], input: [], output: [] } })
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function longs({ rawData }: TensorProto): number[] {
  return Array.from(new BigInt64Array(rawData.slice().buffer), Number)
}

function longTensor(name: string, values: readonly number[]): TensorProto {
  const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
  return { name, dims: [values.length], dataType: elementType.int64, rawData }
}

function refused(what: string): Error {
  return new Error(
    `toOnnx: expected a function that is the same at every batch size, got ${what}; batch: 'fixed' writes it for the size of ` +
      'the example',
  )
}
