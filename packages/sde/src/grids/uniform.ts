import { spacedIn, type TimeGrid } from './types'

/** Makes the grid evenly spaced in time. */
export function uniformGrid(): TimeGrid {
  return spacedIn(
    'uniformGrid',
    (_, t) => t,
    (_, t) => t,
  )
}
