import { checkMethods } from '../../check'
import { dispose } from '../../memory'
import { tensor } from '../../ops/create'
import type { Tensor } from '../../types'
import type { Executable, Executor } from '../executor'
import type { Value } from '../graph'
import { loaded } from '../loaded'
import { Recent } from '../recent'
import { InlinedFunctions } from './inlined'
import { numbersOf } from './lift'
import { makeGraph, type SegmentGraph, structureOf } from './make-graph'
import type { Segment } from './segment'

/** Programs that stay loaded: those used last. */
const LIMIT = 16

interface Program extends Omit<SegmentGraph, 'graph'> {
  readonly executable: Executable
}

/** What was loaded for segments, and the functions that they call. Runs that share it take turns. */
export class Programs {
  readonly functions = new InlinedFunctions()
  readonly #executor: Executor
  readonly #loaded = new Recent<Program>(LIMIT)
  #queue: Promise<unknown> = Promise.resolve()

  constructor(executor: Executor) {
    this.#executor = executor
  }

  /**
   * Computes outputs of a segment.
   *
   * @param current Programs whose variables have their values of now; others get them.
   */
  run(
    segment: Segment,
    outputs: readonly Value[],
    current: WeakSet<object>,
  ): Promise<{ readonly made: readonly Tensor[]; readonly known: boolean }> {
    return this.#inTurn(async () => {
      const structure = structureOf(segment, outputs)
      const found = this.#loaded.get(structure)
      const program = found ?? (await this.#load(structure, segment, outputs))
      if (found && !current.has(program)) await program.executable.writeVariables(program.variables)
      current.add(program)
      return { made: await call(program, segment), known: found !== undefined }
    })
  }

  dispose(): Promise<void> {
    return this.#inTurn(() => free(this.#loaded.clear()))
  }

  async #load(structure: string, segment: Segment, outputs: readonly Value[]): Promise<Program> {
    await free(this.#loaded.makeRoom())
    const { graph, ...rest } = await makeGraph(segment, outputs)
    const program = { ...rest, executable: await loaded(this.#executor, graph, rest.variables) }
    this.#loaded.add(structure, program)
    return program
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work)
    this.#queue = turn.catch(() => {})
    return turn
  }
}

async function call(
  { executable, takesNumbers, captured, keys }: Program,
  segment: Segment,
): Promise<readonly Tensor[]> {
  const numbers = numbersOf(segment.constants, segment.nodes)
  const given = takesNumbers ? [tensor(numbers, [1, numbers.length])] : []
  try {
    const inputs = captured.map((i) => segment.captured[i]!.tensor)
    return await executable.run(
      [...given, ...inputs],
      keys.map((i) => segment.keys[i]!),
    )
  } finally {
    dispose(given)
  }
}

async function free(programs: readonly Program[]): Promise<void> {
  await Promise.all(programs.map(({ executable }) => executable.dispose()))
}

/** An executor that keeps what it has loaded for the steps of samplers. */
export interface KeepingExecutor extends Executor {
  /** Frees the programs. */
  dispose(): Promise<void>
}

const kept = new WeakMap<Executor, Programs>()

/**
 * The executor with a memory: the runs of samplers that are given it share their programs, the 16 used last, where each run by itself
 * loads its own and frees them. A score, the same function, is traced in the first of the runs: other tensors from outside are constants, with
 * their values of then; variables have those of the start of each run. Eight steps of `sample` are a call then, unless `onProgress` looks at each.
 *
 * @param executor What computes.
 * @throws TypeError when the executor is none.
 * @example
 * const executor = keepPrograms(reference())
 * const problem = { process: vp(), score: (x: Tensor) => neg(x) }
 * for (const seed of [0, 1]) {
 *   const x = await sample(problem, eulerMaruyama(), {
 *     key: key(seed),
 *     shape: [4, 2],
 *     steps: 5,
 *     compile: executor,
 *   })
 *   x.dispose()
 * }
 * await executor.dispose()
 */
export function keepPrograms(executor: Executor): KeepingExecutor {
  checkMethods('keepPrograms', { executor }, 'load')
  const programs = new Programs(executor)
  const keeping: KeepingExecutor = {
    name: executor.name,
    load: (...args) => executor.load(...args),
    dispose: () => programs.dispose(),
  }
  kept.set(keeping, programs)
  return keeping
}

/** What an executor keeps, if it is one of {@link keepPrograms}. */
export const keptBy = (executor: Executor): Programs | undefined => kept.get(executor)
