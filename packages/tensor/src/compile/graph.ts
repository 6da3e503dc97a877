import type { TypedArray } from '../types'

/** The element types a graph knows. */
export type GraphDType = 'float32' | 'int32' | 'bool'

/** A tensor of a graph before it has values. */
export interface Value {
  readonly id: number
  readonly shape: readonly number[]
  readonly dtype: GraphDType
}

/** A value known while tracing. */
export interface Constant {
  readonly value: Value
  readonly data: TypedArray
}

/** A place in the user's code, `score (model.ts:12:7)`; empty where nothing is known. */
export interface Site {
  toString(): string
}

/**
 * One kernel call, by tfjs's name for the kernel and its inputs (`a`, `b`, `x`, `filter`, …; `0`, `1`, … for lists)
 * and with tfjs's attributes.
 */
export interface Node {
  readonly kernel: string
  readonly inputs: Readonly<Record<string, Value>>
  readonly attributes: Readonly<Record<string, unknown>>
  readonly outputs: readonly Value[]
  /** Where in the user's code the call was made, for messages. */
  readonly site?: Site | undefined
}

/** A variable that the function reads or reassigns: state that stays with the runtime between calls. */
export interface GraphVariable {
  readonly name: string
  /** Its value when a call begins. */
  readonly value: Value
  /** Its value when the call ends, where the function reassigns it. */
  readonly next?: Value
  /** Where this state holds several of the function's variables, as one vector of their elements: their values, in order. */
  readonly holds?: readonly Value[]
}

/**
 * What tracing made of a function: kernel calls in the order they ran, engine-neutral. Values are named by id; each is an
 * input, a constant, a variable, or the output of one node.
 */
export interface Graph {
  readonly inputs: readonly Value[]
  readonly constants: readonly Constant[]
  readonly variables: readonly GraphVariable[]
  readonly nodes: readonly Node[]
  readonly outputs: readonly Value[]
}

/** Values that must be there when a call ends. */
export function results(graph: Graph): readonly Value[] {
  return [...graph.outputs, ...graph.variables.flatMap(({ next }) => (next ? [next] : []))]
}
