/** The element types of tensors. */
export type DType = 'float32' | 'int32' | 'bool' | 'complex64' | 'string'

/** The element types of numbers. */
export type NumericDType = Extract<DType, 'float32' | 'int32' | 'bool'>

/** The sizes of a tensor's axes, outermost first; `[]` for a scalar. */
export type Shape = readonly number[]

/** What a tensor's values look like on the host. */
export type TypedArray = Float32Array | Int32Array | Uint8Array

/**
 * An n-dimensional array that lives on a backend. Structural: every `tf.Tensor` is one.
 * Ops never change their arguments and never dispose them.
 */
export interface Tensor {
  readonly shape: number[]
  readonly dtype: DType
  /** Number of elements. */
  readonly size: number
  /** The values on the host, in row-major order. */
  data(): Promise<TypedArray>
  /** Frees the tensor's memory. A disposed tensor cannot be used again. */
  dispose(): void
}

/** A tensor whose value can be replaced. Structural: every `tf.Variable` is one. */
export interface Variable extends Tensor {
  readonly name: string
  /** Takes over `value`'s memory; the shape and dtype must be the variable's. */
  assign(value: Tensor): void
}

/** What elementwise ops take beside tensors. */
export type TensorOrNumber = Tensor | number

/** Named tensors: a network's parameters, an optimiser's slots, a checkpoint. */
export type NamedTensors = Readonly<Record<string, Tensor>>
