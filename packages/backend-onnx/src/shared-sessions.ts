import type { Graph, GraphFamily, HostExecutable } from '@sgm/tensor/compile'
import { type AtBatch, type BatchPattern, fits, patternOf } from './batch-pattern'
import { mergeBatches } from './dynamic-batch'
import type { Model } from './model'
import type { Session } from './session'

/** Batch sizes that no other axis is likely to have. */
const OTHERS = [101, 103, 107]

/** A function that was refused so often has parts that depend on its batch size. */
const MOST_REFUSALS = 2

/** A session for every batch size of a function. */
interface Shared {
  readonly pattern: BatchPattern
  readonly session: Session
  /** How many of the function's programs it runs. */
  users: number
}

/** Sessions that serve all batch sizes of a function, so that its weights are there once. */
export class SharedSessions {
  readonly #write: (graph: Graph) => Model
  readonly #open: (graph: Graph, model: Model) => Promise<Session>
  readonly #shared = new WeakMap<object, Shared>()
  readonly #refusals = new WeakMap<object, number>()

  constructor(write: (graph: Graph) => Model, open: (graph: Graph, model: Model) => Promise<Session>) {
    this.#write = write
    this.#open = open
  }

  /** What runs a graph in a session for all of its family. Nothing where its model is not the family's, or it changes variables. */
  async find(graph: Graph, model: Model, family: GraphFamily): Promise<HostExecutable | undefined> {
    if (graph.variables.some(({ next }) => next) || family.batch === 0) return undefined
    const { id, batch } = family
    const known = this.#shared.get(id)
    if (known && !fits(known.pattern, { batch, proto: model.proto })) return undefined
    const shared = known ?? (await this.#make(graph, model, family))
    return shared && this.#use(shared, graph, id)
  }

  async #make(graph: Graph, model: Model, { id, batch, at }: GraphFamily): Promise<Shared | undefined> {
    const refusals = this.#refusals.get(id) ?? 0
    if (refusals >= MOST_REFUSALS) return undefined
    try {
      const models: [AtBatch, ...AtBatch[]] = [{ batch, proto: model.proto }]
      for (const other of OTHERS.filter((size) => size !== batch).slice(0, 2)) {
        models.push({ batch: other, proto: this.#write(await at(other)).proto })
      }
      const pattern = patternOf(models)
      const proto = mergeBatches(models, model.inputs[0]!, pattern)
      const shared = { pattern, session: await this.#open(graph, { ...model, proto }), users: 0 }
      this.#shared.set(id, shared)
      return shared
    } catch {
      // The function may fail at other sizes, or be another there: then each size has its own session.
      this.#refusals.set(id, refusals + 1)
      return undefined
    }
  }

  #use(shared: Shared, { inputs }: Graph, id: object): HostExecutable {
    const { session } = shared
    shared.users++
    return {
      run: (values) => session.run(values, inputs),
      readVariables: () => session.readVariables(),
      writeVariables: (values) => session.writeVariables(values),
      dispose: async () => {
        if (--shared.users > 0) return
        this.#shared.delete(id)
        await session.dispose()
      },
    }
  }
}
