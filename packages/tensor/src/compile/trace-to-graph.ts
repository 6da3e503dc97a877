import { expectedType } from '../check'
import { dispose } from '../memory'
import type { Tensor, TypedArray } from '../types'
import { type Graph, results } from './graph'
import { interpret, needed } from './interpret'
import { optimize } from './optimize'
import type { RecordedDraw } from './recorder'
import { assignState, readState } from './state'
import { type InputSpec, type Trace, trace } from './trace'
import { type Flattened, flatten } from './tree'

/** A function as a graph. */
export interface TracedFunction {
  /** Its inputs are the arguments' tensors, then the values of `draws`. */
  readonly graph: Graph
  readonly draws: readonly RecordedDraw[]
  /** The values that `graph.variables` have now. */
  readonly readVariables: () => Promise<readonly TypedArray[]>
  /** Assigns values of `graph.variables` to the variables that the function reassigns. */
  readonly assignVariables: (values: readonly TypedArray[]) => void
  readonly result: Flattened
}

/**
 * Traces `fn` for arguments like `input` and optimises the graph. Where the function makes variables, as optimisers do at
 * their first step, it is traced twice: then they exist.
 *
 * @param specs Other shapes than those of the arguments.
 */
export async function traceToGraph<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  input: Flattened,
  specs: readonly InputSpec[] = input.tensors,
): Promise<TracedFunction> {
  let result: Flattened | undefined
  const run = (): Trace =>
    trace(specs, input.keys.length, (tensors, keys) => {
      const value = fn(...(input.rebuild(tensors, keys) as A))
      refusePromise(value)
      result = flatten('compile: the result', value)
      return result.tensors
    })
  let traced = run()
  if (traced.created.length > 0) {
    initialise(traced)
    traced = run()
    if (traced.created.length > 0) {
      dispose(traced.created.map(({ variable }) => variable))
      throw new Error(
        'compile: expected variables to be made in the first call only, got new ones in the second',
      )
    }
  }
  const graph = await optimize(traced.graph)
  const used = new Set(
    [...graph.nodes.flatMap(({ inputs }) => Object.values(inputs)), ...results(graph)].map(({ id }) => id),
  )
  const draws = traced.draws.filter(({ value }) => used.has(value.id))
  const inputs = [...graph.inputs.slice(0, input.tensors.length), ...draws.map(({ value }) => value)]
  const behind = new Map(traced.graph.variables.map(({ value }, i) => [value.id, traced.variables[i]!]))
  const state = graph.variables.map(({ value, holds = [value] }) => holds.map(({ id }) => behind.get(id)!))
  return {
    graph: { ...graph, inputs },
    draws,
    readVariables: () => readState(state),
    assignVariables: (values) => assignState(state, graph.variables, values),
    result: result!,
  }
}

function refusePromise(value: unknown): void {
  if (typeof (value as PromiseLike<unknown> | null)?.then !== 'function') return
  Promise.resolve(value).catch(() => {})
  throw expectedType('compile', 'a synchronous function', 'one that returns a Promise')
}

/** Gives variables that the traced function made the values they start from. */
function initialise({ graph, variables, created }: Trace): void {
  const initial = created.map(({ initial }) => initial)
  const known = new Map<number, Tensor>(
    graph.variables.map(({ value }, i) => [value.id, variables[i]!] as const),
  )
  const entered = new Set(graph.inputs.map(({ id }) => id))
  const read = needed(graph.nodes, initial).flatMap(({ inputs }) => Object.values(inputs))
  if ([...read, ...initial].some(({ id }) => entered.has(id))) {
    const names = created.map(({ variable }) => variable.name)
    dispose(created.map(({ variable }) => variable))
    throw new Error(
      `compile: expected the variables that the function makes (${names}) to start from values that no argument enters`,
    )
  }
  const start = interpret(graph, known, initial)
  created.forEach(({ variable }, i) => {
    variable.assign(start[i]!)
  })
  dispose(start)
}
