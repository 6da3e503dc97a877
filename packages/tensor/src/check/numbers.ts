import { describe, expected } from '../expected'
import { check, isNumber, type Named, namedIn, quoted } from './each'

/**
 * Throws RangeError unless each value is a finite number.
 *
 * @example
 * checkFinite('vp', { betaMin: NaN }) // throws vp: expected betaMin to be finite
 */
export function checkFinite(where: string, values: Named): void {
  check(where, values, isNumber, 'to be finite')
}

/**
 * Throws RangeError unless each value is a finite number > 0.
 *
 * @example
 * checkPositive('ve', { sigmaMax: 0 }) // throws ve: expected sigmaMax > 0, got 0
 */
export function checkPositive(where: string, values: Named): void {
  check(where, values, (value) => isNumber(value) && value > 0, '> 0')
}

/**
 * Throws RangeError unless each value is a finite number >= `least`.
 *
 * @param least The smallest that may be.
 * @example
 * checkAtLeast('heun', { churn: -1 }, 0) // throws heun: expected churn >= 0
 */
export function checkAtLeast(where: string, values: Named, least: number): void {
  check(where, values, (value) => isNumber(value) && value >= least, `>= ${least}`)
}

/**
 * Throws RangeError unless `low <= value < high` for each.
 *
 * @param low The smallest that may be.
 * @param high The first that may not.
 * @example
 * checkHalfOpen('adam', { beta1: 1 }, 0, 1) // throws adam: expected beta1 in
 */
export function checkHalfOpen(where: string, values: Named, low: number, high: number): void {
  const holds = (value: unknown) => isNumber(value) && value >= low && value < high
  check(where, values, holds, `in [${low}, ${high})`)
}

/**
 * Throws RangeError unless each value is an integer in [least, most]. @param most @default 2³¹ − 1
 *
 * @param most The largest that may be.
 * @example
 * checkIntegers('mine', { steps: 1.5 }) // throws mine: expected steps to be an
 */
export function checkIntegers(where: string, values: Named, least = 1, most = 2 ** 31 - 1): void {
  check(
    where,
    values,
    (value) => Number.isInteger(value) && Number(value) >= least,
    `to be an integer >= ${least}`,
  )
  check(where, values, (value) => Number(value) <= most, `to be an integer <= ${most}`)
}

/**
 * Throws RangeError unless the values are finite and rise.
 *
 * @example
 * checkRising('simulate', { 'rising times': [0, 1, 1] }) // throws simulate
 */
export function checkRising(where: string, values: Named): void {
  const numbers = namedIn(where, values).map(([, value]) => value)
  if (numbers.every((value, i) => isNumber(value) && (i === 0 || value > Number(numbers[i - 1])))) return
  throw expected(
    where,
    Object.keys(values).join(' < '),
    numbers.map((value) => describe(quoted(value))).join(' and '),
  )
}

/**
 * Throws RangeError unless a value is a range of finite numbers, the lower first.
 *
 * @param name What the error calls it.
 * @example
 * checkExtent('mine', 'domain', [1, 0]) // throws mine: expected domain to be
 */
export function checkExtent(where: string, name: string, value: unknown): void {
  const [low, high] = Array.isArray(value) && value.length === 2 ? value : []
  if (!(isNumber(low) && isNumber(high) && low < high && isNumber(high - low))) {
    throw expected(where, `${name} to be [low, high] with low < high`, value)
  }
}
