/** Where a command reports how far it is. */
export type Report = (task: string, done: number, total: number, note?: string) => void

/** What a command has beside its options. */
export interface Context {
  /** Ends the command by throwing the signal's reason; training saves first. */
  readonly signal?: AbortSignal
  readonly report?: Report
  /** Takes what a user should know beside the result. */
  readonly notice?: (text: string) => void
}
