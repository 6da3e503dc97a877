import { describe, expected, expectedType } from '../expected'
import { isKey } from '../random/is-key'
import type { Shape, Tensor } from '../types'
import { check, type Named, namedIn, quoted } from './each'
import { checkLists } from './kinds'

/**
 * `[2, 3]` as messages write it.
 *
 * @throws TypeError for what is no list.
 * @example
 * formatShape([2, 3]) // → '[2, 3]'
 */
export function formatShape(shape: Shape): string {
  if (!Array.isArray(shape)) throw expectedType('formatShape', 'a shape', shape)
  return `[${shape.map((size) => describe(size)).join(', ')}]`
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
  checkLists(where, { [what]: got, 'what is wanted': wanted })
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
  for (const [name, value] of namedIn(where, values)) checkTensor(where, value, name)
}

/**
 * Throws TypeError unless each value is a float32 tensor that is not disposed: what is noised, sampled and differentiated.
 *
 * @example
 * const x = tensor([1, 2], [2], 'int32')
 * checkFloats('mine', { x }) // throws mine: expected x to be float32
 */
export function checkFloats(where: string, values: Named): void {
  checkTensors(where, values)
  for (const [name, x] of Object.entries(values)) {
    const { dtype } = x as Tensor
    if (dtype !== 'float32') throw expectedType(where, `${name} to be float32`, dtype)
  }
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
