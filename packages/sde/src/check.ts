import { expected } from '@sgm/tensor'
import type { CutOffs } from './types'

/** Throws unless `value` is a finite number > 0. */
export function checkPositive(where: string, name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw expected(where, `${name} > 0`, value)
}

/** Throws unless `low <= value < high`. */
export function checkHalfOpen(where: string, name: string, value: number, low: number, high: number): void {
  if (!(value >= low && value < high)) throw expected(where, `${name} in [${low}, ${high})`, value)
}

/** Throws unless `low < high`, both finite. */
export function checkOrder(where: string, names: readonly [string, string], low: number, high: number): void {
  if (!(low < high && Number.isFinite(high)))
    throw expected(where, `${names[0]} < ${names[1]}`, `${low} and ${high}`)
}

/** Throws unless `value` is an integer >= `least`. */
export function checkCount(where: string, name: string, value: number, least = 1): void {
  if (!Number.isInteger(value) || value < least) {
    throw expected(where, `${name} to be an integer >= ${least}`, value)
  }
}

/** The cut-offs with the caller's own in place of the defaults. @throws RangeError when one is outside the interval. */
export function withCutOffs(
  where: string,
  defaults: CutOffs,
  own: Partial<CutOffs> | undefined,
  interval: readonly [number, number],
): CutOffs {
  const cutOffs = { ...defaults, ...own }
  for (const name of ['train', 'sample', 'likelihood'] as const) {
    checkHalfOpen(where, `cutOffs.${name}`, cutOffs[name], ...interval)
  }
  return cutOffs
}
