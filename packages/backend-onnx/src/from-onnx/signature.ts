import { expected, formatShape } from '@sgm/tensor'
import type { InferenceSession } from 'onnxruntime-common'

/** An input or output of a model: axes are sizes, or the names of those that may vary. */
export interface OnnxValue {
  readonly name: string
  /** Element type, such as `float32`, `float16` or `int64`. */
  readonly type: string
  readonly shape: readonly (number | string)[]
}

/** The inputs and outputs of a model. */
export interface OnnxSignature {
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
}

/** What the inputs and the output of a model are for. */
export interface Signature {
  readonly x: OnnxValue
  readonly t: OnnxValue | undefined
  readonly output: OnnxValue
  /** The other inputs. */
  readonly further: readonly OnnxValue[]
}

/** Names of exports, where a model has them. */
const usual = {
  x: ['sample', 'hidden_states', 'x', 'latent_model_input', 'latents'],
  t: ['timestep', 'timesteps', 't', 'time', 'sigma'],
}

/** Finds the inputs and the output by the names given, by usual ones, or by their places. */
export function signatureOf(
  { inputs, outputs }: OnnxSignature,
  names: {
    readonly x?: string | undefined
    readonly t?: string | undefined
    readonly output?: string | undefined
  },
): Signature {
  const x = named('x: an input', inputs, names.x) ?? byName(inputs, usual.x) ?? inputs[0]
  if (!x) throw expected('fromOnnx', 'x: an input of the model', 'none')
  const rest = inputs.filter((input) => input !== x)
  const t = named('t: an input', inputs, names.t) ?? byName(rest, usual.t) ?? rest[0]
  const output = named('output: an output', outputs, names.output) ?? outputs[0]
  if (!output) throw expected('fromOnnx', 'output: an output of the model', 'none')
  return { x, t, output, further: rest.filter((input) => input !== t) }
}

/** An input in words: `encoder_hidden_states float16 [batch, 77, 768]`. */
export function described({ name, type, shape }: OnnxValue): string {
  return `${name} ${type} ${formatShape(shape as number[])}`
}

function named(what: string, all: readonly OnnxValue[], wanted: string | undefined): OnnxValue | undefined {
  if (wanted === undefined) return undefined
  const found = all.find(({ name }) => name === wanted)
  if (found) return found
  throw expected('fromOnnx', `${what} of the model (${all.map(({ name }) => name).join(', ')})`, wanted)
}

function byName(all: readonly OnnxValue[], names: readonly string[]): OnnxValue | undefined {
  return names.flatMap((wanted) => all.filter(({ name }) => name === wanted))[0]
}

/** What a session takes and gives. @throws RangeError when a value is no tensor. */
export function valuesOf(where: string, session: Metadata): OnnxSignature {
  const value = (each: InferenceSession.ValueMetadata): OnnxValue => metadataOf(where, each)
  return { inputs: session.inputMetadata.map(value), outputs: session.outputMetadata.map(value) }
}

type Metadata = Pick<InferenceSession, 'inputMetadata' | 'outputMetadata'>

function metadataOf(where: string, value: InferenceSession.ValueMetadata): OnnxValue {
  if (!value.isTensor) throw expected(where, `a tensor in ${value.name}`, 'another kind of value')
  return { name: value.name, type: value.type, shape: value.shape }
}
