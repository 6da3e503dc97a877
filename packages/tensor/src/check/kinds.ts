import { expectedType } from '../expected'
import { objectOf } from '../options'
import type { LongCallOptions } from '../progress'
import { check, type Named, quoted } from './each'

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
  options: { readonly [K in keyof LongCallOptions]: unknown },
): void {
  const { signal, onProgress } = objectOf(where, options, 'an object of options')
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
  checkLists(where, { allowed })
  check(
    where,
    values,
    (value) => allowed.includes(value),
    `to be ${allowed.map(quoted).map(String).join(' or ')}`,
  )
}
