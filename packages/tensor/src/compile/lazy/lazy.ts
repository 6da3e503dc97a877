import { releaseTape } from '../../autodiff/tape'
import { dispose } from '../../memory'
import { withRecordedDraws } from '../../random/recorded-draw'
import { raw, wrap } from '../../tf'
import { mapTensors, tensorsIn } from '../../tree'
import type { Tensor, TypedArray } from '../../types'
import type { Executor } from '../executor'
import { type Keeper, withRecording } from '../recording-backend'
import { share } from '../share'
import type { Inlinable, Inlined } from './inlined'
import { keptBy, Programs } from './programs'
import { Segment } from './segment'

/** Nodes that one program may have, unless a single function has more: each has to be loaded. */
const NODES = 512

/**
 * Tensor code that is recorded as it runs and computed when its values are wanted, by one call of an executor. What has the same
 * structure as something before, whatever its numbers, is computed by the same program.
 *
 * Reference: Suhan et al. 2021, "LazyTensor: combining eager execution with domain-specific compilers".
 *
 * @example
 * const lazy = new Lazy(reference())
 * const twice = lazy.record(() => mul(scalar(2), 2))
 * const y = await lazy.compute(twice)
 * await item(y) // → 4
 */
export class Lazy {
  readonly #programs: Programs
  readonly #ownsPrograms: boolean
  /** Programs that this run has given the values of their variables. */
  readonly #current = new WeakSet<object>()
  /** What tensors of former segments have become, by data id. */
  readonly #values = new Map<object, Tensor>()
  readonly #keeper: Keeper = {
    read: (dataId) => this.#inTurn(() => this.#read(dataId)),
    release: (dataId) => {
      this.#segment.alive.delete(dataId)
      dispose(this.#values.get(dataId))
      this.#values.delete(dataId)
    },
  }
  /** Whether the last segment had a program already. */
  #familiar = false
  #segment = this.#begin()
  #queue: Promise<unknown> = Promise.resolve()

  /** @param executor What computes. */
  constructor(executor: Executor) {
    const kept = keptBy(executor)
    this.#programs = kept ?? new Programs(executor)
    this.#ownsPrograms = !kept
  }

  /**
   * Runs a synchronous piece of tensor code. Its tensors have no values yet; outside of records they can be read, by `data()`.
   *
   * @param fn The piece.
   */
  record<T>(fn: () => T): T {
    const segment = this.#segment
    try {
      const result = withRecordedDraws(
        (draw) => segment.draw(draw),
        () => withRecording(segment, fn),
      )
      segment.throwIfFailed()
      return result
    } catch (error) {
      releaseTape()
      throw segment.failure ?? error
    }
  }

  /**
   * Makes {@link call} possible, before the record goes on: undefined where it is already.
   *
   * @param fn The function to call.
   * @param args Tensors of the shapes to call it with.
   */
  ready(fn: Inlinable, args: readonly Tensor[]): Promise<void> | undefined {
    const known = this.#programs.functions.get(fn, args)
    if (known && this.#hasRoom(known)) return undefined
    const specs = args.map(({ shape, dtype }) => ({ shape: [...shape], dtype }))
    return this.#inTurn(async () => {
      if (!known) await this.#programs.functions.add(fn, specs)
      if (!this.#hasRoom(this.#programs.functions.get(fn, specs)!)) await this.#computeAll()
    })
  }

  /**
   * Calls a synchronous function of tensors within a record, as one that is traced once.
   *
   * @param fn A function of tensors that gives one tensor and assigns to no variables.
   * @param args Its arguments.
   */
  call(fn: Inlinable, args: readonly Tensor[]): Tensor {
    return this.#segment.call(this.#programs.functions.get(fn, args)!, args)
  }

  /**
   * The tree with tensors that have values, the caller's to dispose, in place of those of records. Ends what was recorded: other tensors of
   * it have no values any more.
   *
   * @param tree Arrays and plain objects of any depth.
   */
  compute<T>(tree: T): Promise<T> {
    return this.#inTurn(async () => {
      await this.#compute(tensorsIn(tree).map((x) => raw(x).dataId))
      return mapTensors(tree, (x) => {
        const value = this.#values.get(raw(x).dataId)
        return value ? wrap(share(raw(value))) : x
      })
    })
  }

  /** Frees what was recorded and not computed, and the programs, unless the executor keeps them. */
  dispose(): Promise<void> {
    return this.#inTurn(async () => {
      this.#segment.release()
      if (this.#ownsPrograms) await this.#programs.dispose()
    })
  }

  #begin(): Segment {
    return new Segment(
      this.#keeper,
      (dataId) => this.#values.get(dataId),
      () => this.#familiar,
    )
  }

  /** Whether what it loads serves other runs too. */
  get keepsPrograms(): boolean {
    return !this.#ownsPrograms
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work)
    this.#queue = turn.catch(() => {})
    return turn
  }

  #hasRoom({ graph }: Inlined): boolean {
    return this.#segment.calls.length === 0 || this.#segment.size + graph.nodes.length <= NODES
  }

  async #read(dataId: object): Promise<TypedArray> {
    if (!this.#values.has(dataId)) await this.#computeAll()
    const value = this.#values.get(dataId)
    if (!value) throw new Error('compile: expected tensors of this step, got one of a step that has ended')
    return value.data()
  }

  /** Computes all that is alive: nobody knows what is needed of it. */
  #computeAll(): Promise<void> {
    return this.#compute([...this.#segment.alive.keys()])
  }

  /** Ends the segment. Of its tensors those asked for have values from now on. */
  async #compute(asked: readonly object[]): Promise<void> {
    const segment = this.#segment
    const wanted = asked.filter((dataId) => segment.alive.has(dataId))
    if (wanted.length === 0) return
    this.#segment = this.#begin()
    try {
      const values = [...new Set(wanted.map((dataId) => segment.alive.get(dataId)!))]
      const { made, known } = await this.#programs.run(segment, values, this.#current)
      this.#familiar = known
      const byId = new Map(values.map(({ id }, i) => [id, made[i]!]))
      for (const dataId of wanted) {
        const value = segment.alive.get(dataId)
        // The caller may have given up.
        if (value) this.#values.set(dataId, byId.get(value.id)!)
      }
    } finally {
      segment.release()
    }
  }
}
