import type { Tensor } from '@sgm/tensor'
import {
  checkFloats,
  checkFunctions,
  checkMethods,
  checkRising,
  expected,
  expectedType,
  formatShape,
  objectOf,
} from '@sgm/tensor/check'
import type { ItoSDE, LinearSDE } from './types'

/** What messages say of what a process is to give at a time. */
export const MARGINAL = 'process.marginal(t) to be alpha and sigma'

/**
 * Throws unless a value is a linear process, as `vp()` makes one.
 *
 * @param process What was given for one.
 * @throws TypeError where it lacks a part, or a coefficient of it is no number. RangeError where its interval does not rise.
 * @example
 * checkLinearSde('sample', {}) // throws sample: expected process to have
 */
export function checkLinearSde(where: string, process: unknown): asserts process is LinearSDE {
  if (linear.has(process as LinearSDE)) return
  checkMethods(where, { process }, 'drift', 'diffusion', 'marginal', 'marginalAt')
  const given = process as LinearSDE
  const { grid, cutOffs, prior } = given
  const end = endOf(where, given)
  const { train, sample, likelihood } = (cutOffs ?? {}) as LinearSDE['cutOffs']
  if (![train, sample, likelihood, prior?.sigma].every(Number.isFinite)) {
    throw expectedType(where, 'process to have cutOffs and a prior', process)
  }
  checkMethods(where, { 'process.prior': prior }, 'sample', 'logDensity')
  checkFunctions(where, { 'process.grid': grid })
  const marginal = given.marginal(end)
  const { alpha, sigma } = objectOf(where, marginal, MARGINAL)
  if (!(Number.isFinite(alpha) && Number.isFinite(sigma))) throw expectedType(where, MARGINAL, marginal)
  for (const name of ['drift', 'diffusion'] as const) {
    // Infinite at the end of some: 1/(t − 1).
    const value: unknown = given[name](end)
    if (typeof value !== 'number') throw expectedType(where, `process.${name}(t) to be a number`, value)
  }
  linear.add(given)
}

/** What was found to be one: weightings are asked for every row of a batch. */
const linear = new WeakSet<LinearSDE>()

/**
 * Throws unless a value is a process by its coefficients, as `itoOf` makes one; a linear one is too.
 *
 * @param process What was given for one.
 * @throws TypeError where it lacks a part. RangeError where its interval does not rise.
 * @example
 * checkItoSde('simulate', {}) // throws simulate: expected process to have
 */
export function checkItoSde(where: string, process: unknown): void {
  checkMethods(where, { process }, 'drift', 'diffusion')
  endOf(where, process as ItoSDE)
}

/** A coefficient of the caller's, which gives numbers. @throws TypeError where it does not. */
export function numeric(where: string, name: string, f: (t: number) => number): (t: number) => number {
  return (t) => {
    const value: unknown = f(t)
    if (typeof value !== 'number') throw expectedType(where, `${name}(t) to be a number`, value)
    return value
  }
}

/** Throws unless a value is a tensor of times: `[B]` with B > 0, or one for all. */
export function checkTimes(where: string, t: Tensor): void {
  checkFloats(where, { t })
  if (t.shape.length > 1) throw expected(where, 't of shape [B]', formatShape(t.shape))
}

/** The end of the interval, of a process whose divergence is a function where it has one. @throws TypeError where there is none. RangeError where it does not rise. */
function endOf(
  where: string,
  { interval, diffusionDivergence }: Pick<ItoSDE, 'interval' | 'diffusionDivergence'>,
): number {
  if (diffusionDivergence !== undefined) {
    checkFunctions(where, { 'process.diffusionDivergence': diffusionDivergence })
  }
  if (!Array.isArray(interval)) throw expectedType(where, 'process.interval to be [start, end]', interval)
  checkRising(where, { 'process.interval[0]': interval[0], 'process.interval[1]': interval[1] })
  return interval[1]
}

/** A function of time that throws outside the interval; float32 copies of its ends may fall outside it by their rounding. */
export function within(where: string, [start, end]: readonly [start: number, end: number]) {
  const slack = 1e-6 * (end - start)
  return <R>(f: (t: number) => R) =>
    (t: number): R => {
      if (!(typeof t === 'number' && t >= start - slack && t <= end + slack))
        throw expected(where, `t in [${start}, ${end}]`, t)
      return f(t)
    }
}
