import type { ScoreFunction } from '@sgm/score'
import type { LinearSDE, TimeGrid } from '@sgm/sde'

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
  /** Root mean square errors of peers by name, at each of {@link budgets}. */
  readonly errors: Readonly<Record<string, readonly number[]>>
  /** Its process's own grid, where that is none of those that all problems are tried on. */
  readonly own?: TimeGrid
  /** The process and the score, made once. */
  model(): { readonly process: LinearSDE; readonly score: ScoreFunction }
}

/** What is made when it is first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
