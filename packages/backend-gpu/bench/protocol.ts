import type { Measured } from './measure'
import type { Work } from './work'

/** What a peer is told when it starts, as JSON, its only argument. */
export interface Request {
  readonly works: readonly Work[]
  /** Milliseconds to measure each for. */
  readonly budget: number
}

/** What it says of itself at first: a line of JSON. Where it cannot run here, why, and nothing more. */
export type Hello = { readonly hello: string } | { readonly unable: string }

/** What it says of each work, in order; `held`: bytes that compiled functions hold. */
export type Answer = (Partial<Measured> & { readonly held?: number }) | { readonly none: string }
