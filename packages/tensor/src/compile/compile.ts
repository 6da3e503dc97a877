import { checkFunctions, checkIntegers, checkMethods, optionsOf } from '../check'
import { dispose, tidy } from '../memory'
import { foldIn, type Key } from '../random/key'
import { type Derivation, derivationOf } from '../random/traced-key'
import { raw, wrap } from '../tf'
import { type Flattened, flatten } from './arguments'
import type { Executor } from './executor'
import { type Program, pull, push, signature } from './program'
import { Recent } from './recent'
import { share } from './share'
import { rememberSource } from './source'

/** Options of {@link compile}. */
export interface CompileOptions {
  /** What runs the traced graph. @default none: the function runs eagerly on the current backend */
  readonly executor?: Executor | undefined
  /**
   * For how many different shapes of arguments the function stays loaded, an integer >= 1: those used last. For others it is traced and loaded
   * again.
   *
   * @default 8
   */
  readonly cache?: number
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
 * At the first call with given shapes, `fn` runs with its ops recorded instead of computed; gradients and optimisers
 * inside it are recorded like everything else. Arguments are tensors and keys, or arrays and plain objects of them. An executor may have it run
 * for other batch sizes too, to load it once for all of them.
 *
 * - Tensors that `fn` uses from outside become constants, with the values they have then.
 * - Variables (of {@link variable} or `tf.variable`) become state that stays with the runtime between calls.
 * - Draws from the arguments' keys, split and folded at will, give the numbers they give outside.
 *
 * @param fn A pure function of tensors, and of arrays and objects that hold tensors, keys and plain values.
 * @throws TypeError when an argument or a result is neither a tensor nor a key nor an array or object of them.
 * @throws Error when `fn` reads a value on the host, draws from a key that is no argument, or uses a kernel that cannot be traced or
 *   that the executor does not know; the message names the op and the line.
 * @example
 * const distance = compile((a: Tensor, b: Tensor) => sqrt(sum(square(sub(a, b)))))
 * await distance(tensor([0, 0]), tensor([3, 4])) // → 5
 * await distance.dispose()
 */
export function compile<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  options: CompileOptions = {},
): Compiled<A, R> {
  const { executor, cache = 8 } = optionsOf('compile', options, { executor: true, cache: true })
  checkFunctions('compile', { fn })
  checkIntegers('compile', { cache })
  if (executor !== undefined) checkMethods('compile', { executor }, 'load')
  if (!executor) return rememberSource(eager(fn), fn)
  const programs = new Recent<Program>(cache)
  let holder: Program | undefined
  let queue: Promise<unknown> = Promise.resolve()

  /** Calls run one after another: they share the variables. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work)
    queue = turn.catch(() => {})
    return turn
  }

  /** The program for arguments like these, holding the variables. */
  const programFor = async (input: Flattened): Promise<Program> => {
    const name = signature(input.structure, input.tensors)
    let program = programs.get(name)
    if (program && holder === program) return program
    if (holder) await pull(holder)
    holder = undefined
    if (program) await push(program)
    else {
      await disposeAll(programs.makeRoom())
      // Pages that compile nothing leave out all of tracing.
      const { loadProgram } = await import('./load-program')
      program = await loadProgram(fn, input, executor, programs.values())
      programs.add(name, program)
    }
    holder = program
    return program
  }

  const call = async (...args: A): Promise<R> => {
    const input = flatten('compile: arguments', args)
    // The caller may free his own before their turn comes.
    const tensors = input.tensors.map((x) => wrap(share(raw(x))))
    return inTurn(async () => {
      const { executable, graph, result } = await programFor(input)
      const keys = graph.draws.map(({ derivation }) => derived(input.keys, derivation))
      const outputs = await executable.run(tensors, keys)
      const made = result.keys.map((key) => {
        const derivation = derivationOf(key)
        return derivation ? derived(input.keys, derivation) : key
      })
      return result.rebuild(outputs, made) as R
    }).finally(() => dispose(tensors))
  }

  const controls = {
    pullVariables: () => inTurn(async () => holder && pull(holder)),
    pushVariables: () => inTurn(async () => holder && push(holder)),
    dispose: () =>
      inTurn(async () => {
        holder = undefined
        await disposeAll(programs.clear())
      }),
  }
  return rememberSource(Object.assign(call, controls), fn)
}

async function disposeAll(programs: readonly Program[]): Promise<void> {
  await Promise.all(programs.map(({ executable }) => executable.dispose()))
}

function derived(keys: readonly Key[], { argument, path }: Derivation): Key {
  return path.reduce(foldIn, keys[argument]!)
}

function eager<A extends readonly unknown[], R>(fn: (...args: A) => R): Compiled<A, R> {
  const nothing = async (): Promise<void> => {}
  return Object.assign(async (...args: A) => tidy(() => fn(...args) as never) as R, {
    pullVariables: nothing,
    pushVariables: nothing,
    dispose: nothing,
  })
}
