import { checkHalfOpen, optionsOf } from '@sgm/tensor/check'
import type { CutOffs } from './types'

/** The cut-offs with the caller's own in place of the defaults. @throws RangeError when one is outside the interval. TypeError for a name that is none of theirs. */
export function withCutOffs(
  where: string,
  defaults: CutOffs,
  own: Partial<CutOffs> | undefined,
  interval: readonly [number, number],
): CutOffs {
  if (own) optionsOf(where, own, defaults)
  const cutOffs = { ...defaults, ...own }
  for (const name of ['train', 'sample', 'likelihood'] as const) {
    checkHalfOpen(where, { [`cutOffs.${name}`]: cutOffs[name] }, ...interval)
  }
  return cutOffs
}
