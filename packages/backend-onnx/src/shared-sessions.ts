import type { TypedArray } from '@sgm/tensor'
import type { Graph, GraphFamily, HostExecutable, Value } from '@sgm/tensor/compile'
import {
  type AtBatch,
  BATCHES,
  type BatchPattern,
  type Fingerprint,
  fingerprint,
  fits,
  patternOf,
} from './batch-pattern'
import { mergeBatches } from './dynamic-batch'
import type { Model } from './model'
import type { Session } from './session'

/** A function that was refused so often has parts that depend on its batch size. */
const MOST_REFUSALS = 2

/** What runs a model. @param inputs Their shapes now. @default those that the model was written for */
type Served = HostExecutable & Pick<Session, 'run'>
type Open = (model: Model) => Promise<Served>

/** A session for every batch size of a function. */
interface Shared {
  readonly pattern: BatchPattern
  readonly session: Served
}

/** What is loaded of a function. */
interface Family {
  readonly programs: Set<Program>
  shared?: Shared | undefined
  refusals: number
}

/** A function at one batch size. */
class Program implements HostExecutable {
  readonly print: Fingerprint
  session: Served
  readonly #inputs: readonly Value[]
  readonly #family: Family

  constructor(print: Fingerprint, session: Served, inputs: readonly Value[], family: Family) {
    this.print = print
    this.session = session
    this.#inputs = inputs
    this.#family = family
    family.programs.add(this)
  }

  run(values: readonly TypedArray[]): Promise<readonly TypedArray[]> {
    return this.session.run(values, this.#inputs)
  }

  readVariables(): Promise<readonly TypedArray[]> {
    return this.session.readVariables()
  }

  writeVariables(values: readonly TypedArray[]): Promise<void> {
    return this.session.writeVariables(values)
  }

  async dispose(): Promise<void> {
    const { programs, shared } = this.#family
    programs.delete(this)
    if ([...programs].some(({ session }) => session === this.session)) return
    if (shared?.session === this.session) this.#family.shared = undefined
    await this.session.dispose()
  }
}

/**
 * The sessions of functions. One that is called with a second batch size gets a session that serves all of them, the first too, so that
 * its weights are there once; whoever calls with one size alone does not wait for it.
 */
export class SharedSessions {
  readonly #write: (graph: Graph) => Promise<Model>
  readonly #families = new WeakMap<object, Family>()

  /** @param write Writes the model of a graph at another batch size. */
  constructor(write: (graph: Graph) => Promise<Model>) {
    this.#write = write
  }

  /** What runs a graph: in a session for all of its family, unless its model is not the family's, or it changes variables. */
  async load(
    graph: Graph,
    model: Model,
    { id, batch, at }: GraphFamily,
    open: Open,
  ): Promise<HostExecutable> {
    if (graph.variables.some(({ next }) => next) || batch === 0) return open(model)
    const family: Family = this.#families.get(id) ?? { programs: new Set(), refusals: 0 }
    this.#families.set(id, family)
    const print = fingerprint({ batch, proto: model.proto })
    if (family.programs.size > 0) family.shared ??= await this.#make(family, model, { id, batch, at }, open)
    const { shared } = family
    const session = shared && fits(shared.pattern, print) ? shared.session : await open(model)
    return new Program(print, session, graph.inputs, family)
  }

  /** A session for all sizes, to which the programs that there are go over. */
  async #make(
    family: Family,
    model: Model,
    { batch, at }: GraphFamily,
    open: Open,
  ): Promise<Shared | undefined> {
    if (family.refusals >= MOST_REFUSALS) return undefined
    try {
      const models: [AtBatch, ...AtBatch[]] = [{ batch, proto: model.proto }]
      for (const other of BATCHES.filter((size) => size !== batch).slice(0, 2)) {
        models.push({ batch: other, proto: (await this.#write(await at(other))).proto })
      }
      const pattern = patternOf(models)
      const proto = mergeBatches(models, model.inputs[0]!, pattern)
      const session = await open({ ...model, proto })
      const joining = [...family.programs].filter(({ print }) => fits(pattern, print))
      await Promise.all(joining.map((program) => program.session.dispose()))
      for (const program of joining) program.session = session
      return { pattern, session }
    } catch {
      // The function may fail at other sizes, or be another there: then each size has its own session.
      family.refusals++
      return undefined
    }
  }
}
