import { checkFunctions, checkIntegers, checkLongCall, objectOf } from './check'
import type { LongCallOptions } from './progress'

/** Milliseconds after which others get their turn. */
const TURN = 20

/** Counts the steps of a long call on the host: see {@link paced}. */
export interface Pace {
  /** After each step: tells of it, ends the call where it is to end, and now and then lets others have their turn. */
  step(): Promise<void> | undefined
  /** What f gives of 0, 1, …, `count` − 1, one a step. */
  each<T>(count: number, f: (i: number) => T): Promise<T[]>
}

/**
 * The pace of a call of so many steps, so that a page stays alive beside it, hears how far it is and can end it. Wait for what
 * `step` gives only where it gives something: most steps take less time than waiting.
 *
 * @param steps An integer >= 0, or `Infinity` where nobody knows.
 * @throws RangeError when `steps` is none; the signal's reason, at once or at a step.
 * @example
 * await paced(3).each(3, (i) => i * i) // → [0, 1, 4]
 */
export function paced(steps: number, options: LongCallOptions = {}): Pace {
  if (steps !== Number.POSITIVE_INFINITY) checkIntegers('paced', { steps }, 0)
  checkLongCall('paced', objectOf('paced', options, 'an object of options'))
  const { signal, onProgress } = options
  let index = 0
  let begun = performance.now()
  signal?.throwIfAborted()
  const step = () => {
    index++
    onProgress?.({ index, steps })
    signal?.throwIfAborted()
    if (performance.now() - begun < TURN) return undefined
    return new Promise<void>((resolve) => {
      setTimeout(() => {
        begun = performance.now()
        resolve()
      })
    })
  }
  return {
    step,
    async each(count, f) {
      checkIntegers('paced', { count }, 0)
      checkFunctions('paced', { f })
      const found: ReturnType<typeof f>[] = []
      for (let i = 0; i < count; i++) {
        found.push(f(i))
        const turn = step()
        if (turn) await turn
      }
      return found
    },
  }
}
