import type { Value } from '@sgm/tensor/compile'
import type { Reader } from '../kernels/rule'
import type { Call } from '../plan/call'
import type { Sources } from '../plan/sources'
import { Place } from '../wgsl/place'
import { wgslType } from '../wgsl/types'
import type { Writer } from '../wgsl/writer'

/** Scalars that are known when the code is written. */
export type Scalars = ReadonlyMap<number, number>

/** What shaders are written from, beside their calls. */
export interface Context {
  readonly sources: Sources
  readonly scalars: Scalars
}

/**
 * Reads elements for the calls of one kernel. What the calls themselves make is worked out where it is first asked for, at the element
 * that the thread works on; everything else is in memory, or moved there from.
 */
export class GroupReader implements Reader {
  readonly w: Writer
  readonly #context: Context
  readonly #makers = new Map<number, Call>()
  /** The index of the element of a value that the thread works on. */
  readonly #index: (value: Value) => string
  #made: Map<number, string>

  constructor(w: Writer, calls: readonly Call[], context: Context, index: (value: Value) => string) {
    this.w = w
    this.#context = context
    this.#index = index
    this.#made = new Map()
    for (const call of calls) for (const { id } of call.outputs) this.#makers.set(id, call)
  }

  /** Says what a value of the kernel's own is. */
  set(value: Value, name: string): void {
    this.#made.set(value.id, name)
  }

  /** Forgets afterwards what is worked out in `write`: its names are known there alone. */
  scope(write: () => void): void {
    const made = this.#made
    this.#made = new Map(made)
    write()
    this.#made = made
  }

  /** The element, of a value that the calls make, that the thread works on. */
  own(value: Value): string {
    const known = this.#made.get(value.id)
    if (known) return known
    const made = this.#worked(this.#makers.get(value.id)!, value, Place.flat(value.shape, this.#index(value)))
    this.set(value, made)
    return made
  }

  readonly read = (value: Value, at: Place): string => {
    if (this.#makers.has(value.id)) return this.own(value)
    const scalar = this.#context.scalars.get(value.id)
    if (scalar !== undefined) return this.w.scalar(wgslType(value.dtype), scalar)
    const inline = this.#context.sources.inlineMaker(value)
    return inline ? this.#worked(inline, value, at) : this.w.load(value, at.index(this.w))
  }

  #worked({ work, inputs, name }: Call, value: Value, at: Place): string {
    switch (work.kind) {
      case 'view':
      case 'direct':
        return work.element(this, value, at)
      case 'pointwise': {
        const names = inputs.map((input) => this.read(input, at.narrowed(this.w, input.shape)))
        return this.w.let(wgslType(value.dtype), work.expression(this.w, names))
      }
      default:
        throw new Error(`gpu: expected the result of ${name} before it is read`)
    }
  }
}
