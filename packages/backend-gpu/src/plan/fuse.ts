import type { Value } from '@sgm/tensor/compile'
import type { Call } from './call'
import { type Shape, shapeOf } from './group'
import { Sources } from './sources'

/** A kernel to be written: its calls in order, and which of their results must be put into memory. */
export interface Group {
  readonly calls: readonly Call[]
  readonly shape: Shape
  readonly written: readonly Value[]
}

/** What {@link fuse} needs beside the calls. */
export interface FuseOptions {
  /** Values that must be in memory in the end. */
  readonly wanted: readonly Value[]
  /** Storage buffers that one kernel may bind. */
  readonly bindings: number
  /** Whether a value is kept with other small ones, in one buffer. */
  isSmall(value: Value): boolean
}

/**
 * Puts calls into kernels, as many into one as fit, and the kernels into an order in which they can run. Calls that only move elements are
 * in none: they are written into whatever reads them.
 */
export function fuse(calls: readonly Call[], options: FuseOptions): { groups: Group[]; sources: Sources } {
  const sources = new Sources(calls, isInline)
  const fusion = new Fusion(
    calls.filter((call) => !isInline(call)),
    sources,
    options,
  )
  return { groups: fusion.run(), sources }
}

/** Whether a call is written into its readers: it moves elements, or makes them of nothing. */
export function isInline({ work }: Call): boolean {
  return work.kind === 'view'
}

/** Calls on the way into one kernel. */
interface Draft {
  calls: Call[]
  shape: Shape
  /** Kernels whose results this one reads, and those that read its own. */
  readonly before: Set<Draft>
  readonly after: Set<Draft>
}

class Fusion {
  readonly #sources: Sources
  readonly #options: FuseOptions
  readonly #calls: readonly Call[]
  readonly #drafts = new Map<Call, Draft>()
  readonly #position = new Map<Call, number>()
  readonly #readers = new Map<number, Call[]>()
  readonly #wanted: ReadonlySet<number>

  constructor(calls: readonly Call[], sources: Sources, options: FuseOptions) {
    this.#calls = calls
    this.#sources = sources
    this.#options = options
    this.#wanted = new Set(options.wanted.map(({ id }) => id))
    for (const [i, call] of calls.entries()) {
      this.#position.set(call, i)
      for (const { value } of sources.of(call)) {
        const readers = this.#readers.get(value.id)
        if (readers) readers.push(call)
        else this.#readers.set(value.id, [call])
      }
    }
  }

  run(): Group[] {
    for (const call of this.#calls) {
      let draft = this.#open(call)
      for (const producer of [...draft.before].reverse()) {
        if (draft.before.has(producer)) draft = this.#merged(producer, draft) ?? draft
      }
    }
    return inOrder([...new Set(this.#drafts.values())]).map((draft) => ({
      calls: draft.calls,
      shape: draft.shape,
      written: this.#written(draft.calls),
    }))
  }

  #open(call: Call): Draft {
    const draft: Draft = {
      calls: [call],
      shape: shapeOf([call], this.#sources, () => false)!,
      before: new Set(),
      after: new Set(),
    }
    this.#drafts.set(call, draft)
    for (const { value } of this.#sources.of(call)) {
      const maker = this.#sources.maker(value)
      const producer = maker && this.#drafts.get(maker)
      if (!producer) continue
      draft.before.add(producer)
      producer.after.add(draft)
    }
    return draft
  }

  /** Both as one, where they fit and neither must run between. */
  #merged(first: Draft, second: Draft): Draft | undefined {
    if (leadsTo(first, second)) return undefined
    const calls = [...first.calls, ...second.calls].sort(
      (a, b) => this.#position.get(a)! - this.#position.get(b)!,
    )
    const own = new Set(calls)
    const isRead = ({ id }: Value): boolean =>
      this.#wanted.has(id) || (this.#readers.get(id) ?? []).some((reader) => !own.has(reader))
    const shape = shapeOf(calls, this.#sources, isRead)
    if (!shape || this.#bindings(calls) > this.#options.bindings) return undefined
    const draft: Draft = { calls, shape, before: first.before, after: first.after }
    for (const one of second.before) draft.before.add(one)
    for (const one of second.after) draft.after.add(one)
    for (const old of [first, second]) {
      draft.before.delete(old)
      draft.after.delete(old)
    }
    for (const old of [first, second]) {
      for (const one of draft.before) if (one.after.delete(old)) one.after.add(draft)
      for (const one of draft.after) if (one.before.delete(old)) one.before.add(draft)
    }
    for (const call of calls) this.#drafts.set(call, draft)
    return draft
  }

  #written(calls: readonly Call[]): Value[] {
    const own = new Set(calls)
    return calls
      .flatMap(({ outputs }) => outputs)
      .filter(
        ({ id }) => this.#wanted.has(id) || (this.#readers.get(id) ?? []).some((reader) => !own.has(reader)),
      )
  }

  /** Storage buffers that a kernel of these calls binds. */
  #bindings(calls: readonly Call[]): number {
    const made = new Set(calls.flatMap(({ outputs }) => outputs.map(({ id }) => id)))
    const read = calls
      .flatMap((call) => this.#sources.of(call).map(({ value }) => value))
      .filter(({ id }) => !made.has(id))
    const all = [...read, ...this.#written(calls)]
    const large = new Set(all.filter((value) => !this.#options.isSmall(value)).map(({ id }) => id))
    return large.size + Number(all.some((value) => this.#options.isSmall(value)))
  }
}

/** Whether other kernels lie on a way from one to the other. */
function leadsTo(first: Draft, second: Draft): boolean {
  const seen = new Set<Draft>([first])
  const rest = [...first.after].filter((one) => one !== second)
  for (let draft = rest.pop(); draft; draft = rest.pop()) {
    if (draft === second) return true
    if (seen.has(draft)) continue
    seen.add(draft)
    rest.push(...draft.after)
  }
  return false
}

/** Each after those that it reads. */
function inOrder(drafts: readonly Draft[]): Draft[] {
  const order: Draft[] = []
  const waiting = new Map(drafts.map((draft) => [draft, draft.before.size]))
  const ready = drafts.filter(({ before }) => before.size === 0).reverse()
  for (let draft = ready.pop(); draft; draft = ready.pop()) {
    order.push(draft)
    for (const next of draft.after) {
      const left = waiting.get(next)! - 1
      waiting.set(next, left)
      if (left === 0) ready.push(next)
    }
  }
  return order
}
