import { expected } from '@sgm/tensor'
import { checkFinite, checkIntegers, objectOf } from '@sgm/tensor/check'
import { spanOf } from '../capabilities'
import type { Process, TimeGrid } from '../types'

/** A grid evenly spaced in a variable u(t): the ends are kept exactly. */
export function spacedIn<P extends Process | undefined>(
  where: string,
  forward: (process: P, t: number) => number,
  backward: (process: P, u: number) => number,
): TimeGrid<P> {
  return (process, span) => {
    const { steps, start = spanOf(process).start, end = spanOf(process).end } = objectOf(where, span, 'a number of steps') // biome-ignore format: defaults
    checkIntegers(where, { steps })
    checkFinite(where, { start, end })
    const from = forward(process, start)
    const to = forward(process, end)
    if (!Number.isFinite(from) || !Number.isFinite(to)) {
      throw expected(where, 'a start and an end where both alpha and sigma are > 0', `${start} and ${end}`)
    }
    return Array.from({ length: steps + 1 }, (_, i) => {
      if (i === 0) return start
      if (i === steps) return end
      return backward(process, from + ((to - from) * i) / steps)
    })
  }
}
