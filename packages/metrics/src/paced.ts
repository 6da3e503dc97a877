import type { LongCallOptions } from '@sgm/tensor'
import { checkFunctions, checkMethods } from '@sgm/tensor/check'

/** Milliseconds after which others get their turn. */
const TURN = 20

/** Counts the steps of a long call on the host. */
export interface Pace {
  /** After each step: tells of it, ends the call where it is to end, and now and then lets others have their turn. */
  step(): Promise<void> | undefined
}

/** Throws TypeError unless the options of a long call are what their types say. */
export function checkLongCall(where: string, { signal, onProgress }: LongCallOptions): void {
  if (signal !== undefined) checkMethods(where, { signal }, 'throwIfAborted')
  if (onProgress !== undefined) checkFunctions(where, { onProgress })
}

/**
 * The pace of a call of so many steps. Wait for what `step` gives only where it gives something: most steps take less time than waiting.
 *
 * @throws the signal's reason, at once or at a step.
 */
export function paced(steps: number, { signal, onProgress }: LongCallOptions): Pace {
  let index = 0
  let begun = performance.now()
  signal?.throwIfAborted()
  return {
    step() {
      index++
      onProgress?.({ index, steps })
      signal?.throwIfAborted()
      if (performance.now() - begun < TURN) return undefined
      return new Promise((resolve) => {
        setTimeout(() => {
          begun = performance.now()
          resolve()
        })
      })
    },
  }
}
