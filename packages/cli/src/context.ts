import { checkFunctions, checkMethods, optionsOf } from '@sgm/tensor/check'

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

/** Throws TypeError unless what a command has beside its options is what their types say. */
export function checkContext(where: string, context: Context): void {
  const { signal, report, notice } = optionsOf(where, context, { signal: true, report: true, notice: true })
  if (signal !== undefined) checkMethods(where, { signal }, 'throwIfAborted')
  if (report !== undefined) checkFunctions(where, { report })
  if (notice !== undefined) checkFunctions(where, { notice })
}
