import {
  checkerboard,
  gaussianGrid,
  gaussianRing,
  pinwheel,
  rings,
  spirals,
  swissRoll,
  twoMoons,
} from '@sgm/data'
import type { Key, Tensor } from '@sgm/tensor'

/** Densities of the plane by name: what draws points from them. */
export const densities: Readonly<Record<string, (key: Key, count: number) => Tensor>> = {
  'two-moons': twoMoons,
  'swiss-roll': swissRoll,
  rings,
  spirals,
  checkerboard,
  pinwheel,
  'gaussian-ring': gaussianRing,
  'gaussian-grid': gaussianGrid,
}

/** Names of the densities that need no file. */
export const densityNames = Object.keys(densities)

/** Whether a path is that of points in a table. */
export function isTable(path: string): boolean {
  return /\.(csv|tsv)$/i.test(path)
}

/** Whether a source is made here and not read from a file. */
export function isDrawn(source: string): boolean {
  return Object.hasOwn(densities, source) || /^(glyphs|phantoms)(:|$)/.test(source)
}
