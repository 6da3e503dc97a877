import { onnx } from '@sgm/backend-onnx'
import type { Executor } from '@sgm/tensor'

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

/** How functions are run: options of every command that evaluates a network. */
export interface Speed {
  /** Threads of the native runtime, >= 1. @default the physical cores */
  readonly threads?: number | undefined
  /** Run without compiling, for debugging. @default false */
  readonly eager?: boolean | undefined
}

/** What to compile with, if at all. */
export function executorOf({ threads, eager = false }: Speed): Executor | undefined {
  return eager ? undefined : onnx(threads === undefined ? {} : { threads })
}
