import { type Affine, affine, follows } from './affine'
import { digest } from './digest'
import { encodeModel } from './encode-model'
import { elementType, type ModelProto, type TensorProto, type ValueInfoProto } from './proto'

/** The same function's model at one batch size. */
export interface AtBatch {
  readonly batch: number
  readonly proto: ModelProto
}

/** What models of one function at several batch sizes have in common. */
export interface BatchPattern {
  /** The digest of the operators. */
  readonly operators: string
  /** Of each constant its digest, where it is always the same, or else the rule behind its sizes. */
  readonly constants: readonly (string | Affine)[]
  /** The rules behind the shapes of inputs and outputs. */
  readonly shapes: readonly Affine[]
}

/**
 * What models at three batch sizes or more have in common: they may differ in whole numbers alone, such as sizes and ends of slices, that
 * grow evenly with the batch.
 *
 * @throws Error that says what differs, when they differ in more.
 */
export function patternOf(models: readonly [AtBatch, ...AtBatch[]]): BatchPattern {
  const [{ proto }] = models
  const [operators, ...others] = models.map(operatorsOf) as [string, ...string[]]
  if (others.some((other) => other !== operators)) throw refused('other operators at other sizes')
  const constants = proto.graph.initializer.map(({ name, dims, dataType }, i) => {
    const versions = models.map((model) => ({
      batch: model.batch,
      tensor: model.proto.graph.initializer[i]!,
    }))
    const [first, ...rest] = versions.map(({ tensor }) => digestOf(tensor)) as [string, ...string[]]
    if (rest.every((other) => other === first)) return first
    const readers = proto.graph.node.filter((node) => node.input.includes(name))
    const kinds = [...new Set(readers.map(({ opType }) => opType))].join(', ')
    if (dataType !== elementType.int64 || versions.some(({ tensor }) => tensor.dims[0] !== dims[0])) {
      throw refused(`values that depend on the batch size, read by ${kinds}`)
    }
    const rule = affine(versions.map(({ batch, tensor }) => ({ batch, list: longs(tensor) })))
    if (!rule) throw refused(`sizes that do not grow evenly with the batch, read by ${kinds}`)
    return rule
  })
  const shapes = valuesOf(proto).map((_, i) => {
    const rule = affine(
      models.map((model) => ({ batch: model.batch, list: shapeOf(valuesOf(model.proto)[i]!) })),
    )
    if (!rule) throw refused('results whose size does not grow evenly with the batch')
    return rule
  })
  return { operators, constants, shapes }
}

/** Whether a model is what the pattern says. */
export function fits({ operators, constants, shapes }: BatchPattern, model: AtBatch): boolean {
  const { batch, proto } = model
  const values = valuesOf(proto)
  return (
    operatorsOf(model) === operators &&
    values.length === shapes.length &&
    shapes.every((rule, i) => follows(rule, { batch, list: shapeOf(values[i]!) })) &&
    proto.graph.initializer.length === constants.length &&
    proto.graph.initializer.every((tensor, i) => {
      const rule = constants[i]!
      if (typeof rule === 'string') return digestOf(tensor) === rule
      return tensor.dataType === elementType.int64 && follows(rule, { batch, list: longs(tensor) })
    })
  )
}

/** Inputs, then outputs. */
const valuesOf = ({ graph }: ModelProto): ValueInfoProto[] => [...graph.input, ...graph.output]

const shapeOf = ({ type }: ValueInfoProto): number[] =>
  type.tensorType!.shape.dim.map(({ dimValue }) => dimValue!)

/** The model without its constants, as bytes, which tell 0 from −0 and infinities from each other. */
function operatorsOf({ proto: { graph, ...model } }: AtBatch): string {
  const names = valuesOf({ graph, ...model }).map(({ name, type }) => `${name} ${type.tensorType!.elemType}`)
  const bytes = encodeModel({ ...model, graph: { ...graph, initializer: [], input: [], output: [] } })
  return `${names} ${digest(bytes)}`
}

const digestOf = ({ dims, dataType, rawData }: TensorProto): string =>
  `${dataType} [${dims}] ${digest(rawData)}`

const longs = ({ rawData }: TensorProto): number[] =>
  Array.from(new BigInt64Array(rawData.slice().buffer), Number)

function refused(what: string): Error {
  return new Error(
    `toOnnx: expected a function that is the same at every batch size, got ${what}; batch: 'fixed' writes it for the size of ` +
      'the example',
  )
}
