import { expected, expectedType } from './expected'
import type { LongCallOptions } from './progress'
import { isKey } from './random/is-key'
import type { Shape, Tensor } from './types'

export { expected, expectedType } from './expected'
export { type NamesOf, objectOf, optionsOf } from './options'

/** Arguments by the names that messages call them: `{ churn }`. */
export type Named = Readonly<Record<string, unknown>>

/**
 * `[2, 3]` as messages write it.
 *
 * @example
 * formatShape([2, 3]) // → '[2, 3]'
 */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`
}

/**
 * Throws RangeError unless the two shapes are equal.
 *
 * @param got The shape that there is.
 * @param wanted The one that is to be.
 * @example
 * const shape = [2, 3]
 * checkShape('add', 'x', shape, [3, 2]) // throws add: expected x of shape
 */
export function checkShape(where: string, what: string, got: Shape, wanted: Shape): void {
  if (got.length !== wanted.length || got.some((size, i) => size !== wanted[i])) {
    throw expected(where, `${what} of shape ${formatShape(wanted)}`, formatShape(got))
  }
}

/**
 * Whether a value is a tensor.
 *
 * @example
 * isTensor(ones([1])) // → true
 * isTensor([1]) // → false
 */
export function isTensor(value: unknown): value is Tensor {
  const { shape, dtype, data } = (value ?? {}) as Partial<Tensor>
  return Array.isArray(shape) && typeof dtype === 'string' && typeof data === 'function'
}

/**
 * Throws TypeError unless a value is a tensor that is not disposed.
 *
 * @param name What the error calls it.
 * @example
 * checkTensor('exp', [1, 2], 'x') // throws exp: expected x to be a tensor
 */
export function checkTensor(where: string, value: unknown, name?: string): asserts value is Tensor {
  const what = name === undefined ? 'a tensor' : `${name} to be a tensor`
  if (!isTensor(value)) throw expectedType(where, what, quoted(value))
  if ('isDisposed' in value && value.isDisposed) {
    throw expectedType(where, `${what} in memory`, 'one that is disposed')
  }
}

/**
 * Throws TypeError unless each value is a tensor that is not disposed.
 *
 * @example
 * const b = 1
 * checkTensors('mine', { a: ones([2]), b }) // throws mine: expected b to be
 */
export function checkTensors(where: string, values: Named): void {
  for (const [name, value] of Object.entries(values)) checkTensor(where, value, name)
}

/**
 * Throws TypeError unless each value is a random key.
 *
 * @example
 * checkKeys('normal', { key: 0 }) // throws normal: expected key to be a key
 */
export function checkKeys(where: string, values: Named): void {
  check(where, values, isKey, 'to be a key, as key(seed) makes it', expectedType)
}

/**
 * Throws TypeError unless each value is an array.
 *
 * @example
 * const figures = 1
 * checkLists('panels', { figures }) // throws panels: expected figures to be
 */
export function checkLists(where: string, values: Named): void {
  check(where, values, Array.isArray, 'to be an array', expectedType)
}

/**
 * Throws TypeError unless each value is a byte array.
 *
 * @example
 * const bytes = 'text'
 * checkBytes('mine', { bytes }) // throws mine: expected bytes to be a Uint8Array
 */
export function checkBytes(where: string, values: Named): void {
  const kinds = ['[object Uint8Array]', '[object ArrayBuffer]']
  // By name: bytes of another realm are no instance of this one's class.
  const holds = (value: unknown) => kinds.includes(Object.prototype.toString.call(value))
  check(where, values, holds, 'to be a Uint8Array or an ArrayBuffer', expectedType)
}

/**
 * Throws TypeError unless each value is an array or like one, such as a typed array.
 *
 * @example
 * const points = 3
 * checkArrayLikes('scatter', { points }) // throws scatter: expected points
 */
export function checkArrayLikes(where: string, values: Named): void {
  const holds = (value: unknown) =>
    typeof value === 'object' && Number.isSafeInteger((value as Partial<ArrayLike<unknown>> | null)?.length)
  check(where, values, holds, 'to be an array', expectedType)
}

/**
 * Throws TypeError unless each value has methods of the names given.
 *
 * @param methods Names of the methods that each is to have.
 * @example
 * const sampler = {}
 * checkMethods('mine', { sampler }, 'step') // throws mine: expected sampler
 */
export function checkMethods(where: string, values: Named, ...methods: readonly string[]): void {
  const holds = (value: unknown) => {
    const held = (value ?? {}) as Named
    return methods.every((method) => typeof held[method] === 'function')
  }
  check(where, values, holds, `to have ${methods.join(', ')}`, expectedType)
}

/**
 * Throws TypeError unless each value is a function.
 *
 * @example
 * checkFunctions('mine', { fn: 1 }) // throws mine: expected fn to be a function
 */
export function checkFunctions(where: string, values: Named): void {
  check(where, values, (value) => typeof value === 'function', 'to be a function', expectedType)
}

/**
 * Throws TypeError unless the options of a long call are what their types say.
 *
 * @param options What was given.
 * @example
 * const onProgress = 1
 * checkLongCall('mine', { onProgress }) // throws mine: expected onProgress to be
 */
export function checkLongCall(
  where: string,
  { signal, onProgress }: { readonly [K in keyof LongCallOptions]: unknown },
): void {
  if (signal !== undefined) checkMethods(where, { signal }, 'throwIfAborted')
  if (onProgress !== undefined) checkFunctions(where, { onProgress })
}

/**
 * Throws TypeError unless each value is a string.
 *
 * @example
 * checkStrings('mine', { name: 1 }) // throws mine: expected name to be a string
 */
export function checkStrings(where: string, values: Named): void {
  check(where, values, (value) => typeof value === 'string', 'to be a string', expectedType)
}

/**
 * Throws TypeError unless each value is the path of a file or folder: a string that is not empty.
 *
 * @example
 * checkPaths('mine', { path: '' }) // throws mine: expected path to be a path
 */
export function checkPaths(where: string, values: Named): void {
  const holds = (value: unknown) => typeof value === 'string' && value !== ''
  check(where, values, holds, 'to be a path', expectedType)
}

/**
 * Throws TypeError unless each value is true or false.
 *
 * @example
 * const shuffle = 'yes'
 * checkFlags('batches', { shuffle }) // throws batches: expected shuffle
 */
export function checkFlags(where: string, values: Named): void {
  check(where, values, (value) => typeof value === 'boolean', 'to be true or false', expectedType)
}

/**
 * Throws RangeError unless each value is one of those listed.
 *
 * @param allowed What may be.
 * @example
 * const padding = 'full'
 * checkOneOf('mine', { padding }, ['same']) // throws mine: expected padding
 */
export function checkOneOf(where: string, values: Named, allowed: readonly unknown[]): void {
  check(where, values, (value) => allowed.includes(value), `to be ${allowed.map(quoted).map(String).join(' or ')}`)
}

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
  const numbers = Object.values(values)
  if (numbers.every((value, i) => isNumber(value) && (i === 0 || value > Number(numbers[i - 1])))) return
  throw expected(where, Object.keys(values).join(' < '), numbers.map(quoted).join(' and '))
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

function check(
  where: string,
  values: Named,
  holds: (value: unknown) => boolean,
  what: string,
  error: typeof expected | typeof expectedType = expected,
): void {
  for (const [name, value] of Object.entries(values)) {
    if (!holds(value)) throw error(where, `${name} ${what}`, quoted(value))
  }
}

const isNumber = (value: unknown): value is number => Number.isFinite(value)

/** Strings in quotes: '3' is no 3. */
const quoted = (value: unknown): unknown => (typeof value === 'string' ? `'${value}'` : value)
