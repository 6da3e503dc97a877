import type { LongCallOptions } from '@sgm/tensor'

/** Milliseconds after which others get their turn. */
const TURN = 20

/** Counts the steps of a long call on the host. */
export interface Pace {
  /** After each step: tells of it, ends the call where it is to end, and now and then lets others have their turn. */
  step(): Promise<void> | undefined
}

/** What f gives of 0, 1, …, `count` − 1, one a step. */
export async function inTurn<T>(count: number, pace: Pace, f: (i: number) => T): Promise<T[]> {
  const found: T[] = []
  for (let i = 0; i < count; i++) {
    found.push(f(i))
    const turn = pace.step()
    if (turn) await turn
  }
  return found
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
