import type { GraphDType } from '@sgm/tensor/compile'
import {
  type AttributeProto,
  attributeType,
  elementType,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './proto'

/** Attributes of an operator: integers, lists of integers, `{ float }` for floats, strings. */
export type Attributes = Readonly<
  Record<string, number | readonly number[] | { readonly float: number } | string>
>

/** Element types that initialisers have. */
export type ElementType = keyof typeof elementType

/** The arrays of the element types. */
export const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const

/** Collects the nodes and constants of an ONNX graph under fresh names. */
export class Builder {
  readonly nodes: NodeProto[] = []
  readonly initializers: TensorProto[] = []
  readonly #constants = new Map<string, string>()
  readonly #taken: ReadonlySet<string>
  /** What the results of Reshapes were. */
  readonly #reshaped = new Map<string, string>()
  #count = 0

  /** @param taken Names that no operator's output or constant may have. */
  constructor(taken: readonly string[] = []) {
    this.#taken = new Set(taken)
  }

  /** Whether a name is that of a constant. */
  isConstant(name: string): boolean {
    return this.initializers.some((constant) => constant.name === name)
  }

  /** A name that nothing has yet. */
  fresh(hint: string): string {
    const name = `${hint}_${this.#count++}`
    return this.#taken.has(name) ? this.fresh(hint) : name
  }

  /** Adds an operator with one output and returns the output's name. Empty names stand for inputs left out. */
  op(opType: string, input: readonly string[], attributes: Attributes = {}, domain?: string): string {
    return this.ops(opType, input, 1, attributes, domain)[0]!
  }

  /** Adds an operator with several outputs. */
  ops(
    opType: string,
    input: readonly string[],
    outputs: number,
    attributes: Attributes = {},
    domain?: string,
  ): string[] {
    const output = Array.from({ length: outputs }, () => this.fresh(opType))
    // What is reshaped twice need not be reshaped once.
    const [x = '', ...others] = input
    if (opType === 'Reshape') this.#reshaped.set(output[0]!, this.#reshaped.get(x) ?? x)
    this.nodes.push({
      input: opType === 'Reshape' ? [this.#reshaped.get(x) ?? x, ...others] : [...input],
      output,
      name: output[0]!,
      opType,
      domain,
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    })
    return output
  }

  /** A value in another shape. */
  reshape(x: string, shape: readonly number[]): string {
    return this.op('Reshape', [x, this.ints(shape)])
  }

  /** A float32 constant of one number, which the runtime works out when it loads the model. */
  repeated(value: number, shape: readonly number[]): string {
    return this.op('Expand', [this.float(value), this.ints(shape)])
  }

  /** A 1-D int64 constant: shapes, axes, pads. */
  ints(values: readonly number[]): string {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length], 'int64')
  }

  /** A float32 scalar. */
  float(value: number): string {
    return this.constant(Float32Array.of(value), [], 'float32')
  }

  /** A scalar. */
  scalar(type: GraphDType, value: number): string {
    return this.constant(arrays[type].of(value), [], type)
  }

  /** A constant; small equal numbers are kept once. Sizes are not: which of them are equal may depend on the batch size. */
  constant(data: ArrayBufferView, dims: readonly number[], type: ElementType): string {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const signature = type !== 'int64' && bytes.length <= 256 ? `${type} ${dims} ${bytes}` : undefined
    const known = signature && this.#constants.get(signature)
    if (known) return known
    const name = this.fresh('constant')
    if (signature) this.#constants.set(signature, name)
    this.initializers.push({ name, dims: [...dims], dataType: elementType[type], rawData: bytes })
    return name
  }
}

/** The declaration of a graph's input or output; a string names a size that may vary. */
export function valueInfo(
  name: string,
  type: ElementType,
  shape: readonly (number | string)[],
): ValueInfoProto {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }))
  return { name, type: { tensorType: { elemType: elementType[type], shape: { dim } } } }
}

function attribute(name: string, value: Attributes[string]): AttributeProto {
  if (typeof value === 'number') return { name, type: attributeType.int, i: value }
  if (typeof value === 'string')
    return { name, type: attributeType.string, s: new TextEncoder().encode(value) }
  if ('float' in value) return { name, type: attributeType.float, f: value.float }
  return { name, type: attributeType.ints, ints: [...value] }
}
