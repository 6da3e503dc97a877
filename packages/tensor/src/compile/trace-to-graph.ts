import { expectedType } from '../check'
import { dispose } from '../memory'
import type { Tensor, Variable } from '../types'
import { type Flattened, flatten } from './arguments'
import type { Graph } from './graph'
import { readValues } from './host-executor'
import { interpret } from './interpret'
import { optimize } from './optimize'
import { needed, operands, readIds } from './rewrite'
import { type InputSpec, type Trace, trace } from './trace'

/** A function as a graph. */
export interface TracedFunction {
  /** Its inputs are the arguments' tensors. */
  readonly graph: Graph
  /** The tensors behind `graph.variables`. */
  readonly variables: readonly Variable[]
  readonly result: Flattened
}

/** What a function is to be called with: tensors by their shapes alone. */
export interface Arguments extends Pick<Flattened, 'keys' | 'rebuild'> {
  readonly tensors: readonly InputSpec[]
}

/**
 * Traces `fn` for arguments like `input` and optimises the graph. Where the function makes variables, as optimisers do at
 * their first step, it is traced twice: then they exist.
 *
 * @param fn What is traced.
 * @param input Its arguments.
 * @param specs Other shapes than those of the arguments.
 * @example
 * const x = flattenArguments('mine', [ones([2])])
 * const { graph } = await traceToGraph((x: Tensor) => exp(x), x)
 * graph.nodes.map(({ kernel }) => kernel) // → ['Exp']
 */
export async function traceToGraph<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  input: Arguments,
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
  let traced = await complete(run())
  if (traced.created.length > 0) {
    initialise(traced)
    traced = await complete(run())
    if (traced.created.length > 0) {
      dispose(traced.created.map(({ variable }) => variable))
      throw new Error(
        'compile: expected variables to be made in the first call only, got new ones in the second',
      )
    }
  }
  if (traced.graph.outputs.length === 0 && traced.variables.length === 0) {
    throw expectedType('compile', 'a function that gives tensors or sets variables', 'one that does neither')
  }
  const graph = await optimize(traced.graph)
  const used = readIds(graph)
  return {
    graph: { ...graph, draws: graph.draws.filter(({ value }) => used.has(value.id)) },
    variables: traced.variables,
    result: result!,
  }
}

/** The trace with the values of its constants from outside, whose memory is then free. */
async function complete({ captured, graph, ...rest }: Trace): Promise<Trace> {
  try {
    const read = captured.map(async ({ value, tensor }) => ({ value, data: await readValues(tensor) }))
    const constants = [...graph.constants, ...(await Promise.all(read))]
    return { ...rest, captured: [], graph: { ...graph, constants } }
  } finally {
    dispose(captured.map(({ tensor }) => tensor))
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
  const drawn = graph.draws.map(({ value }) => value)
  const entered = new Set([...graph.inputs, ...drawn].map(({ id }) => id))
  const read = needed(graph.nodes, initial).flatMap(operands)
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
