import type { Process, TimeGrid } from '../types'
import { spacedIn } from './spaced-in'

/**
 * Makes the grid evenly spaced in time, for any process and for none.
 *
 * @example
 * const process = rectifiedFlow({ end: 0.8 })
 * uniformGrid()(process, { steps: 4, end: 0 }) // → [0.8, 0.6, 0.4, 0.2, 0]
 */
export function uniformGrid(): TimeGrid<Process | undefined> {
  return spacedIn(
    'uniformGrid',
    (_, t) => t,
    (_, t) => t,
  )
}
