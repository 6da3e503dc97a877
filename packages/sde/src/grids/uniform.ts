import type { Process, TimeGrid } from '../types'
import { spacedIn } from './spaced-in'

/** Makes the grid evenly spaced in time, for any process and for none. */
export function uniformGrid(): TimeGrid<Process | undefined> {
  return spacedIn(
    'uniformGrid',
    (_, t) => t,
    (_, t) => t,
  )
}
