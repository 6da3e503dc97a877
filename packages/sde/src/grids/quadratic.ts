import type { TimeGrid } from '../types'
import { spacedIn } from './spaced-in'

/**
 * Makes the grid evenly spaced in √t, finer near 0: t_i = (√T + (i/N)(√ε − √T))².
 *
 * Song et al. 2021, "Denoising diffusion implicit models", appendix D.2 (the quadratic sub-sequence).
 *
 * @example
 * quadraticGrid()(vp(), { steps: 10 }).length // → 11
 */
export function quadraticGrid(): TimeGrid {
  return spacedIn(
    'quadraticGrid',
    (_, t) => Math.sqrt(t),
    (_, root) => root * root,
  )
}
