import { type Affine, affine, follows } from './affine'
import { digest } from './digest'
import { encodeModel } from './encode-model'
import { elementType, type ModelProto } from './proto'

/** Batch sizes to trace a function at: no other axis is likely to have one of these, so that an axis of that size is the batch. */
export const BATCHES = [101, 103, 107] as const

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

/** What is compared of a model, without its weights. */
export interface Fingerprint {
  readonly batch: number
  /** The digest of the operators. */
  readonly operators: string
  /** Of each constant its digest, and its numbers where they may be sizes. */
  readonly constants: readonly { readonly digest: string; readonly sizes?: readonly number[] }[]
  /** The shapes of inputs, then of outputs. */
  readonly shapes: readonly (readonly number[])[]
}

/** A model's fingerprint. */
export function fingerprint({ batch, proto }: AtBatch): Fingerprint {
  const { graph, ...model } = proto
  const values = [...graph.input, ...graph.output]
  const names = values.map(({ name, type }) => `${name} ${type.tensorType!.elemType}`)
  // As bytes, which tell 0 from −0 and infinities from each other.
  const bytes = encodeModel({ ...model, graph: { ...graph, initializer: [], input: [], output: [] } })
  return {
    batch,
    operators: `${names} ${digest(bytes)}`,
    constants: graph.initializer.map(({ dims, dataType, rawData }) => ({
      digest: `${dataType} [${dims}] ${digest(rawData)}`,
      ...(dataType === elementType.int64 && { sizes: longs(rawData) }),
    })),
    shapes: values.map(({ type }) => type.tensorType!.shape.dim.map(({ dimValue }) => dimValue!)),
  }
}

/**
 * What models at three batch sizes or more have in common: they may differ in whole numbers alone, such as sizes and ends of slices, that
 * grow evenly with the batch.
 *
 * @throws Error that says what differs, when they differ in more.
 */
export function patternOf(models: readonly [AtBatch, ...AtBatch[]]): BatchPattern {
  const prints = models.map(fingerprint) as [Fingerprint, ...Fingerprint[]]
  const [{ graph }, [{ operators, constants, shapes }]] = [models[0].proto, prints]
  if (prints.some((other) => other.operators !== operators)) throw refused('other operators at other sizes')
  const rules = constants.map(({ digest }, i) => {
    const versions = prints.map(({ batch, constants }) => ({ batch, ...constants[i]! }))
    if (versions.every((version) => version.digest === digest)) return digest
    const { name } = graph.initializer[i]!
    const readers = graph.node.filter((node) => node.input.includes(name))
    const kinds = [...new Set(readers.map(({ opType }) => opType))].join(', ')
    const lists = versions.flatMap(({ batch, sizes }) => (sizes ? [{ batch, list: sizes }] : []))
    if (lists.length < versions.length || lists.some(({ list }) => list.length !== lists[0]!.list.length)) {
      throw refused(`values that depend on the batch size, read by ${kinds}`)
    }
    const rule = affine(lists)
    if (!rule) throw refused(`sizes that do not grow evenly with the batch, read by ${kinds}`)
    return rule
  })
  const grown = shapes.map((_, i) => {
    const rule = affine(prints.map(({ batch, shapes }) => ({ batch, list: shapes[i]! })))
    if (!rule) throw refused('results whose size does not grow evenly with the batch')
    return rule
  })
  return { operators, constants: rules, shapes: grown }
}

/** Whether a model is what the pattern says. */
export function fits(pattern: BatchPattern, { batch, operators, constants, shapes }: Fingerprint): boolean {
  return (
    operators === pattern.operators &&
    shapes.length === pattern.shapes.length &&
    shapes.every((list, i) => follows(pattern.shapes[i]!, { batch, list })) &&
    constants.length === pattern.constants.length &&
    constants.every(({ digest, sizes }, i) => {
      const rule = pattern.constants[i]!
      if (typeof rule === 'string') return digest === rule
      return sizes !== undefined && follows(rule, { batch, list: sizes })
    })
  )
}

const longs = (rawData: Uint8Array): number[] => Array.from(new BigInt64Array(rawData.slice().buffer), Number)

function refused(what: string): Error {
  return new Error(
    `toOnnx: expected a function that is the same at every batch size, got ${what}; batch: 'fixed' writes it for the size of ` +
      'the example',
  )
}
