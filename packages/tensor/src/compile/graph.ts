import type { DrawOf } from '../random/host-values'
import type { Derivation } from '../random/traced-key'
import type { TypedArray } from '../types'
import type { AttributesOf, InputsOf, KernelName } from './kernels'
import type { Value } from './value'

export type { GraphDType, Value } from './value'

/** A value known while tracing. */
export interface Constant {
  readonly value: Value
  readonly data: TypedArray
}

/** A place in the user's code, `score (model.ts:12:7)`; empty where nothing is known. */
export interface Site {
  toString(): string
}

/** One call of a kernel: narrowed by `kernel`, it has that kernel's inputs and attributes. */
export type Node<K extends KernelName = KernelName> = {
  [Name in K]: {
    readonly kernel: Name
    readonly inputs: InputsOf<Name>
    readonly attributes: AttributesOf<Name>
    readonly outputs: readonly Value[]
    /** Where in the user's code the call was made, for messages. */
    readonly site?: Site | undefined
  }
}[K]

/** A variable that the function reads or reassigns: state that stays with the runtime between calls. */
export interface GraphVariable {
  readonly name: string
  /** Its value when a call begins. */
  readonly value: Value
  /** Its value when the call ends, where the function reassigns it. */
  readonly next?: Value
}

/** A value drawn anew at each call, from a key among the arguments. */
export interface GraphDraw {
  readonly value: Value
  /** What is drawn: its shape is the value's. */
  readonly draw: DrawOf
  /** Which key it is drawn from. */
  readonly derivation: Derivation
}

/**
 * What tracing made of a function: kernel calls in the order they ran, engine-neutral. Values are named by id; each is an
 * input, a draw, a constant, a variable, or an output of one node.
 */
export interface Graph {
  readonly inputs: readonly Value[]
  readonly draws: readonly GraphDraw[]
  readonly constants: readonly Constant[]
  readonly variables: readonly GraphVariable[]
  readonly nodes: readonly Node[]
  readonly outputs: readonly Value[]
}
