import { tidy } from '../memory'
import { tensor } from '../ops/create'
import type { Tensor, TypedArray, Variable } from '../types'
import type { Executable, Executor } from './executor'
import type { Graph, Value } from './graph'
import { optimize } from './optimize'
import { type NewVariable, trace } from './trace'
import { type Flattened, flatten } from './tree'

/** Options of {@link compile}. */
export interface CompileOptions {
  /** What runs the traced graph. @default none: the function runs eagerly on the current backend */
  readonly executor?: Executor
}

/**
 * A compiled function: the same arguments, the same results, asynchronous. The results are the caller's to dispose.
 */
export interface Compiled<A extends readonly unknown[], R> {
  (...args: A): Promise<R>
  /** Copies the variables' values from the runtime into the variables, for reading them or saving a checkpoint. */
  pullVariables(): Promise<void>
  /** Copies the variables' values to the runtime: needed after assigning to one outside the function. */
  pushVariables(): Promise<void>
  /** Frees what the runtime holds; variables keep the values last pulled. */
  dispose(): Promise<void>
}

/**
 * Turns ordinary tensor code into a function that a native runtime runs whole.
 *
 * At the first call with given shapes, `fn` runs once with its ops recorded instead of computed; gradients and optimisers
 * inside it are recorded like everything else. Arguments are tensors, or arrays and plain objects of them. Tensors that `fn` uses from
 * outside become constants, with the values they have then; variables (of {@link variable} or `tf.variable`) become state that stays
 * with the runtime between calls.
 *
 * @throws TypeError when an argument or a result is neither a tensor nor an array or object of them.
 * @throws Error when `fn` reads a value on the host, or uses a kernel that cannot be traced or that the executor does not know;
 *   the message names both the kernel and the line.
 */
export function compile<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  { executor }: CompileOptions = {},
): Compiled<A, R> {
  if (!executor) return eager(fn)
  const programs = new Map<string, Promise<Program>>()
  let holder: Program | undefined
  let queue: Promise<unknown> = Promise.resolve()

  /** Calls run one after another: they share the variables. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work)
    queue = turn.catch(() => {})
    return turn
  }

  const call = async (...args: A): Promise<R> => {
    const input = flatten('compile: arguments', args)
    const signature = `${input.structure} ${input.tensors.map(({ shape, dtype }) => `${dtype}[${shape}]`)}`
    let program = programs.get(signature)
    if (!program) {
      program = build(fn, input, executor)
      programs.set(signature, program)
      program.catch(() => programs.delete(signature))
    }
    const ready = await program
    const values = await Promise.all(input.tensors.map((x) => x.data()))
    return inTurn(async () => {
      if (holder !== ready) {
        if (holder) await pull(holder)
        await push(ready)
        holder = ready
      }
      const outputs = await ready.executable.run(values)
      const tensors = outputs.map((data, i) => toTensor(data, ready.graph.outputs[i]!))
      return ready.result.rebuild(tensors) as R
    })
  }

  return Object.assign(call, {
    pullVariables: () => inTurn(async () => holder && pull(holder)),
    pushVariables: () => inTurn(async () => holder && push(holder)),
    dispose: () =>
      inTurn(async () => {
        const ready = await Promise.all(programs.values())
        programs.clear()
        holder = undefined
        await Promise.all(ready.map(({ executable }) => executable.dispose()))
      }),
  })
}

/** A function traced for one set of shapes. */
interface Program {
  readonly graph: Graph
  readonly variables: readonly Variable[]
  readonly executable: Executable
  readonly result: Flattened
}

async function build<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  input: Flattened,
  executor: Executor,
): Promise<Program> {
  const { graph, variables, result } = await traceToGraph(fn, input)
  const values = await Promise.all(variables.map((variable) => variable.data()))
  const executable = await executor.load(graph, values)
  return { graph, variables, executable, result }
}

/** Traces `fn` for arguments like `input` and optimises the graph. */
export async function traceToGraph<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  input: Flattened,
): Promise<{ graph: Graph; variables: readonly Variable[]; result: Flattened }> {
  let result: Flattened | undefined
  const run = () =>
    trace(input.tensors, (tensors) => {
      result = flatten('compile: the result', fn(...(input.rebuild(tensors) as A)))
      return result.tensors
    })
  let traced = run()
  if (traced.created.length > 0) {
    await initialise(traced.graph, traced.created)
    traced = run()
    if (traced.created.length > 0) {
      throw new Error(
        'compile: expected variables to be made in the first call only, got new ones in the second',
      )
    }
  }
  return { graph: await optimize(traced.graph), variables: traced.variables, result: result! }
}

/** Gives variables that the traced function made the values they start from. */
async function initialise(graph: Graph, created: readonly NewVariable[]): Promise<void> {
  const outputs = created.map(({ initial }) => initial)
  const folded = await optimize({ ...graph, outputs, variables: [] })
  for (const [i, { variable }] of created.entries()) {
    const { id } = folded.outputs[i]!
    const constant = folded.constants.find(({ value }) => value.id === id)
    if (!constant) {
      throw new Error(
        `compile: expected variable ${variable.name} to start from a value that no argument enters`,
      )
    }
    const start = toTensor(constant.data, constant.value)
    variable.assign(start)
    start.dispose()
  }
}

async function pull({ executable, variables, graph }: Program): Promise<void> {
  const values = await executable.readVariables()
  for (const [i, { value, next }] of graph.variables.entries()) {
    if (!next) continue
    const fresh = toTensor(values[i]!, value)
    variables[i]!.assign(fresh)
    fresh.dispose()
  }
}

async function push({ executable, variables }: Program): Promise<void> {
  await executable.writeVariables(await Promise.all(variables.map((variable) => variable.data())))
}

function toTensor(data: TypedArray, { shape, dtype }: Value): Tensor {
  return tensor(data, shape, dtype)
}

function eager<A extends readonly unknown[], R>(fn: (...args: A) => R): Compiled<A, R> {
  const nothing = async (): Promise<void> => {}
  return Object.assign(async (...args: A) => tidy(() => fn(...args) as never) as R, {
    pullVariables: nothing,
    pushVariables: nothing,
    dispose: nothing,
  })
}
