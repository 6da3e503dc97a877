import { checkFinite, checkLists, objectOf } from '@sgm/tensor/check'
import type { LinearSDE, Process, TimeSpan } from './types'

/**
 * Whether a process has its coefficients as numbers and its marginals in closed form.
 *
 * @param process Of either kind, or none.
 * @example
 * isLinear(vp()) // → true
 */
export function isLinear(process: Process | undefined): process is LinearSDE {
  return typeof process === 'object' && process !== null && 'marginal' in process
}

/**
 * Where a run over a process starts and ends if it does not say so.
 *
 * @param process Of either kind, or none.
 * @example
 * spanOf(vp()) // → { start: 1, end: 0.001 }
 */
export function spanOf(process: Process | undefined): Required<Omit<TimeSpan, 'steps'>> {
  const { interval = [0, 0] } = process ?? {}
  checkLists('spanOf', { 'process.interval': interval })
  const [first, last] = interval
  const end = isLinear(process)
    ? objectOf('spanOf', process.cutOffs, 'process to have cutOffs').sample
    : first
  checkFinite('spanOf', { 'process.interval[1]': last, 'process.cutOffs.sample': end })
  return { start: last, end }
}
