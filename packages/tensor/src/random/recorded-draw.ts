import type { Tensor } from '../types'
import type { Draw } from './host-values'

/** Takes a draw's place while a function is traced. */
export type DrawRecorder = (draw: Draw) => Tensor

let recorder: DrawRecorder | undefined

/** Runs `fn` with `record` called for every draw inside. */
export function withRecordedDraws<T>(record: DrawRecorder, fn: () => T): T {
  const before = recorder
  recorder = record
  try {
    return fn()
  } finally {
    recorder = before
  }
}

/** What stands for a draw, while a function is traced. */
export function recordedDraw(draw: Draw): Tensor | undefined {
  return recorder?.(draw)
}
