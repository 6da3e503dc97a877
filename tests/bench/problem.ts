import type { Score } from '@sgm/score'
import type { LinearSDE } from '@sgm/sde'

/** Errors by grid, name and number of evaluations. */
export type PeerErrors = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>

/** A probability flow whose end is known, and how near peers come. */
export interface SolverProblem {
  /** What it is, in two words. */
  readonly name: string
  /** Of a datum. */
  readonly shape: readonly number[]
  /** Starts of the data, one after another. */
  readonly start: readonly number[]
  /** Where the flow takes them. */
  readonly end: readonly number[]
  /** Root mean square errors of peers at each of {@link budgets}, by grid and name. */
  readonly errors: PeerErrors
  /** The process and the score, made once. */
  model(): { readonly process: LinearSDE; readonly score: Score }
}

/** What is made when it is first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
