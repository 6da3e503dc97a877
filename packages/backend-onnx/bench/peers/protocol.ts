import type { Work } from '../work'

/** What a peer, a process of its own, says at first. */
export interface Hello {
  /** Its libraries and their versions. */
  readonly hello: string
}

/** What it is asked. */
export type Request = { readonly prepare: Work } | { readonly run: number } | { readonly dispose: true }

/** What it answers: a line of JSON for each request. */
export type Reply =
  | { readonly check: number | null; readonly onceMs: number }
  | { readonly times: readonly number[] }
  | { readonly disposed: true }
  | { readonly error: string }
