import { sizeOf, type Value } from '@sgm/tensor/compile'
import type { Call } from './call'

/**
 * How elements of a value are read for an element at place i of what a call works on: the element at i; where smaller shapes are repeated
 * to larger ones, the one that is repeated to i; or some other.
 */
export type Relation =
  | { readonly kind: 'same' }
  | { readonly kind: 'repeated'; readonly from: readonly number[]; readonly to: readonly number[] }
  | { readonly kind: 'other' }

/** A value that a call reads, and how. */
export interface Source {
  readonly value: Value
  readonly relation: Relation
}

const SAME: Relation = { kind: 'same' }
const OTHER: Relation = { kind: 'other' }

/** Calls that keep the order of elements. */
const KEEPING = new Set(['Reshape', 'ExpandDims'])

/** Works out what calls read, through those that are written into their readers. */
export class Sources {
  readonly #makers = new Map<number, Call>()
  readonly #isInline: (call: Call) => boolean

  constructor(calls: readonly Call[], isInline: (call: Call) => boolean) {
    for (const call of calls) for (const { id } of call.outputs) this.#makers.set(id, call)
    this.#isInline = isInline
  }

  /** The call that makes a value, if one does. */
  maker({ id }: Value): Call | undefined {
    return this.#makers.get(id)
  }

  /** The call that makes a value where it is read, if one does. */
  inlineMaker(value: Value): Call | undefined {
    const call = this.maker(value)
    return call && this.#isInline(call) ? call : undefined
  }

  /** What a call reads: values that are given, or made by calls that are not inline. */
  of(call: Call): Source[] {
    const element = call.work.kind === 'pointwise' || call.work.kind === 'fold'
    return call.inputs.flatMap((input) => {
      if (!element) return this.#through(input, OTHER)
      const shape = call.work.kind === 'fold' ? input.shape : call.outputs[0]!.shape
      return this.#through(input, repeats(input.shape, shape))
    })
  }

  /** The value that has the same elements in the same order, and is not made by an inline call; undefined where there is none. */
  behind(value: Value): Value | undefined {
    const [source, ...others] = this.#through(value, SAME)
    return others.length === 0 && source?.relation.kind === 'same' ? source.value : undefined
  }

  #through(value: Value, relation: Relation): Source[] {
    const call = this.inlineMaker(value)
    if (!call) return [{ value, relation }]
    return call.inputs.flatMap((input) => {
      if (KEEPING.has(call.name)) return this.#through(input, relation)
      if (call.name === 'BroadcastTo') {
        return this.#through(input, composed(relation, repeats(input.shape, value.shape)))
      }
      const scalar = call.work.kind === 'pointwise' && sizeOf(value.shape) === 1
      return this.#through(input, scalar ? relation : OTHER)
    })
  }
}

function repeats(from: readonly number[], to: readonly number[]): Relation {
  return sizeOf(from) === sizeOf(to) ? SAME : { kind: 'repeated', from, to }
}

function composed(outer: Relation, inner: Relation): Relation {
  if (outer.kind === 'same') return inner
  return inner.kind === 'same' ? outer : OTHER
}
