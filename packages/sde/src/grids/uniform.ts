import type { TimeGrid } from '../types'
import { spacedIn } from './spaced-in'

/** Makes the grid evenly spaced in time. */
export function uniformGrid(): TimeGrid {
  return spacedIn(
    'uniformGrid',
    (_, t) => t,
    (_, t) => t,
  )
}
