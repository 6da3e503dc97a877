import type { DrawOf } from '../random/host-values'
import type { Derivation } from '../random/traced-key'
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
 * input, a draw, a constant, a variable, or the output of one node.
 */
export interface Graph {
  readonly inputs: readonly Value[]
  readonly draws: readonly GraphDraw[]
  readonly constants: readonly Constant[]
  readonly variables: readonly GraphVariable[]
  readonly nodes: readonly Node[]
  readonly outputs: readonly Value[]
}

/** Values that are there when a call begins. */
export function givens({
  inputs,
  draws,
  constants,
  variables,
}: Omit<Graph, 'nodes' | 'outputs'>): readonly Value[] {
  return [...inputs, ...[...draws, ...constants, ...variables].map(({ value }) => value)]
}

/** Makes values with ids that the graph does not have. */
export function freshValues(graph: Graph): (shape: readonly number[], like: Pick<Value, 'dtype'>) => Value {
  const taken = [...givens(graph), ...graph.nodes.flatMap(({ outputs }) => outputs)]
  let nextId = taken.reduce((least, { id }) => Math.max(least, id + 1), 0)
  return (shape, { dtype }) => ({ id: nextId++, shape, dtype })
}

/** Values that must be there when a call ends. */
export function results(graph: Graph): readonly Value[] {
  return [...graph.outputs, ...graph.variables.flatMap(({ next }) => (next ? [next] : []))]
}
