import { isKey } from './random/is-key'
import type { Shape, Tensor } from './types'

/** Arguments by the names that messages call them: `{ churn }`. */
export type Named = Readonly<Record<string, unknown>>

/** `[2, 3]` as messages write it. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`
}

/** The error every bad argument gets: `heun: expected churn >= 0, got -1`. */
export function expected(where: string, what: string, got: unknown): RangeError {
  return new RangeError(`${where}: expected ${what}, got ${describe(got)}`)
}

/** Like {@link expected}, for an argument of the wrong type. */
export function expectedType(where: string, what: string, got: unknown): TypeError {
  return new TypeError(`${where}: expected ${what}, got ${describe(got)}`)
}

/**
 * The options, where they are an object.
 *
 * ```ts
 * export function edmHeun(options: EdmHeunOptions = {}) {
 *   const { churn = 0 } = optionsOf('edmHeun', options)
 *   checkAtLeast('edmHeun', { churn }, 0)
 * ```
 *
 * @throws TypeError for anything else: null, a list, a function, a number.
 */
export function optionsOf<T extends object>(where: string, options: T, what = 'an object of options'): T {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw expectedType(where, what, options)
  }
  return options
}

/** Throws RangeError unless the two shapes are equal. */
export function checkShape(where: string, what: string, got: Shape, wanted: Shape): void {
  if (got.length !== wanted.length || got.some((size, i) => size !== wanted[i])) {
    throw expected(where, `${what} of shape ${formatShape(wanted)}`, formatShape(got))
  }
}

/** Whether a value is a tensor. */
export function isTensor(value: unknown): value is Tensor {
  const { shape, dtype, data } = (value ?? {}) as Partial<Tensor>
  return Array.isArray(shape) && typeof dtype === 'string' && typeof data === 'function'
}

/** Throws TypeError unless a value is a tensor that is not disposed. */
export function checkTensor(where: string, value: unknown, name?: string): asserts value is Tensor {
  const what = name === undefined ? 'a tensor' : `${name} to be a tensor`
  if (!isTensor(value)) throw expectedType(where, what, quoted(value))
  if ('isDisposed' in value && value.isDisposed) {
    throw expectedType(where, `${what} in memory`, 'one that is disposed')
  }
}

/** Throws TypeError unless each value is a tensor that is not disposed. */
export function checkTensors(where: string, values: Named): void {
  for (const [name, value] of Object.entries(values)) checkTensor(where, value, name)
}

/** Throws TypeError unless each value is a random key. */
export function checkKeys(where: string, values: Named): void {
  check(where, values, isKey, 'to be a key, as key(seed) makes it', expectedType)
}

/** Throws TypeError unless each value is an array. */
export function checkLists(where: string, values: Named): void {
  check(where, values, Array.isArray, 'to be an array', expectedType)
}

/** Throws TypeError unless each value is a byte array. */
export function checkBytes(where: string, values: Named): void {
  const kinds = ['[object Uint8Array]', '[object ArrayBuffer]']
  // By name: bytes of another realm are no instance of this one's class.
  const holds = (value: unknown) => kinds.includes(Object.prototype.toString.call(value))
  check(where, values, holds, 'to be a Uint8Array or an ArrayBuffer', expectedType)
}

/** Throws TypeError unless each value is an array or like one, such as a typed array. */
export function checkArrayLikes(where: string, values: Named): void {
  const holds = (value: unknown) =>
    typeof value === 'object' && Number.isSafeInteger((value as Partial<ArrayLike<unknown>> | null)?.length)
  check(where, values, holds, 'to be an array', expectedType)
}

/** Throws TypeError unless each value has methods of the names given. */
export function checkMethods(where: string, values: Named, ...methods: readonly string[]): void {
  const holds = (value: unknown) => {
    const held = (value ?? {}) as Named
    return methods.every((method) => typeof held[method] === 'function')
  }
  check(where, values, holds, `to have ${methods.join(', ')}`, expectedType)
}

/** Throws TypeError unless each value is a function. */
export function checkFunctions(where: string, values: Named): void {
  check(where, values, (value) => typeof value === 'function', 'to be a function', expectedType)
}

/** Throws TypeError unless each value is a string. */
export function checkStrings(where: string, values: Named): void {
  check(where, values, (value) => typeof value === 'string', 'to be a string', expectedType)
}

/** Throws TypeError unless each value is the path of a file or folder: a string that is not empty. */
export function checkPaths(where: string, values: Named): void {
  const holds = (value: unknown) => typeof value === 'string' && value !== ''
  check(where, values, holds, 'to be a path', expectedType)
}

/** Throws TypeError unless each value is true or false. */
export function checkFlags(where: string, values: Named): void {
  check(where, values, (value) => typeof value === 'boolean', 'to be true or false', expectedType)
}

/** Throws RangeError unless each value is one of those listed. */
export function checkOneOf(where: string, values: Named, allowed: readonly unknown[]): void {
  check(where, values, (value) => allowed.includes(value), `to be ${allowed.map(quoted).join(' or ')}`)
}

/** Throws RangeError unless each value is a finite number. */
export function checkFinite(where: string, values: Named): void {
  check(where, values, isNumber, 'to be finite')
}

/** Throws RangeError unless each value is a finite number > 0. */
export function checkPositive(where: string, values: Named): void {
  check(where, values, (value) => isNumber(value) && value > 0, '> 0')
}

/** Throws RangeError unless each value is a finite number >= `least`. */
export function checkAtLeast(where: string, values: Named, least: number): void {
  check(where, values, (value) => isNumber(value) && value >= least, `>= ${least}`)
}

/** Throws RangeError unless `low <= value < high` for each. */
export function checkHalfOpen(where: string, values: Named, low: number, high: number): void {
  const holds = (value: unknown) => isNumber(value) && value >= low && value < high
  check(where, values, holds, `in [${low}, ${high})`)
}

/** Throws RangeError unless each value is an integer in [least, most]. @param most @default 2³¹ − 1 */
export function checkIntegers(where: string, values: Named, least = 1, most = 2 ** 31 - 1): void {
  check(
    where,
    values,
    (value) => Number.isInteger(value) && Number(value) >= least,
    `to be an integer >= ${least}`,
  )
  check(where, values, (value) => Number(value) <= most, `to be an integer <= ${most}`)
}

/** Throws RangeError unless the values are finite and rise. */
export function checkRising(where: string, values: Named): void {
  const numbers = Object.values(values)
  if (numbers.every((value, i) => isNumber(value) && (i === 0 || value > Number(numbers[i - 1])))) return
  throw expected(where, Object.keys(values).join(' < '), numbers.map(quoted).join(' and '))
}

/** Throws RangeError unless a value is a range of finite numbers, the lower first. */
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

/** What messages show of a value: of lists, two deep, the first entries; of text the first characters. */
function describe(value: unknown, depth = 0): string {
  if (Array.isArray(value)) {
    if (depth === 2) return '[…]'
    const entries = value.slice(0, 8).map((entry) => describe(entry, depth + 1))
    return `[${entries.join(', ')}${value.length > 8 ? ', …' : ''}]`
  }
  if (typeof value === 'function') return `function ${nameOf(value) || '(anonymous)'}`
  if (value !== null && typeof value === 'object') return nameOf(value.constructor) || 'object'
  return String(value).slice(0, 400)
}

function nameOf(named: { readonly name?: unknown } | undefined): string {
  return typeof named?.name === 'string' ? named.name : ''
}
