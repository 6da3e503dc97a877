import { checkFunctions, checkIntegers, checkLongCall, checkMethods, optionsOf } from './check'
import type { LongCallOptions } from './progress'

/** Milliseconds after which others get their turn. */
const TURN = 20

/** Counts the steps of a long call on the host: see {@link paced}. */
export interface Pace {
  /** After each step: tells of it, ends the call where it is to end, and now and then lets others have their turn. */
  step(): Promise<void> | undefined
}

/**
 * What f gives of 0, 1, …, `count` − 1, one a step of a pace.
 *
 * @param pace Of as many steps at least.
 * @throws the signal's reason, at a step. RangeError when `count` is no integer >= 0.
 * @example
 * await inTurn(3, paced(3), (i) => i * i) // → [0, 1, 4]
 */
export async function inTurn<T>(count: number, pace: Pace, f: (i: number) => T): Promise<T[]> {
  checkIntegers('inTurn', { count }, 0)
  checkMethods('inTurn', { pace }, 'step')
  checkFunctions('inTurn', { f })
  const found: T[] = []
  for (let i = 0; i < count; i++) {
    found.push(f(i))
    const turn = pace.step()
    if (turn) await turn
  }
  return found
}

/**
 * The pace of a call of so many steps, so that a page stays alive beside it, hears how far it is and can end it. Wait for what
 * `step` gives only where it gives something: most steps take less time than waiting.
 *
 * @param steps An integer >= 0, or `Infinity` where nobody knows.
 * @throws RangeError when `steps` is none; the signal's reason, at once or at a step.
 * @example
 * const report: number[] = []
 * const pace = paced(2, { onProgress: ({ index }) => report.push(index) })
 * for (let i = 0; i < 2; i++) await pace.step()
 * report // → [1, 2]
 */
export function paced(steps: number, options: LongCallOptions = {}): Pace {
  if (steps !== Number.POSITIVE_INFINITY) checkIntegers('paced', { steps }, 0)
  checkLongCall('paced', optionsOf('paced', options))
  const { signal, onProgress } = options
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
