import { checkMethods, checkRising, expectedType, objectOf } from '@sgm/tensor/check'
import type { LinearSDE } from './types'

/** What messages say of what a process is to give at a time. */
export const MARGINAL = 'process.marginal(t) to be alpha and sigma'

/**
 * Throws unless a value is a linear process, as `vp()` makes one.
 *
 * @param process What was given for one.
 * @throws TypeError where it lacks a part, or its marginal is none. RangeError where its interval does not rise.
 * @example
 * checkLinearSde('sample', {}) // throws sample: expected process to have
 */
export function checkLinearSde(where: string, process: unknown): asserts process is LinearSDE {
  checkMethods(where, { process }, 'drift', 'diffusion', 'marginal', 'marginalAt')
  const linear = process as LinearSDE
  const { interval, cutOffs, prior } = linear
  if (!Array.isArray(interval)) throw expectedType(where, 'process.interval to be [start, end]', interval)
  checkRising(where, { 'process.interval[0]': interval[0], 'process.interval[1]': interval[1] })
  const { train, sample, likelihood } = (cutOffs ?? {}) as LinearSDE['cutOffs']
  if (![train, sample, likelihood, prior?.sigma].every(Number.isFinite)) {
    throw expectedType(where, 'process to have cutOffs and a prior', process)
  }
  const end = linear.marginal(interval[1])
  const { alpha, sigma } = objectOf(where, end, MARGINAL)
  if (!(Number.isFinite(alpha) && Number.isFinite(sigma))) throw expectedType(where, MARGINAL, end)
}
