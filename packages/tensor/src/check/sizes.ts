import { expected, expectedType } from '../expected'
import type { Shape } from '../types'
import { formatShape } from './tensors'

/** Engines count elements in 32 bits. */
const MAX_SIZE = 2 ** 31 - 1

/** Whether a number can be a size. */
export function isCount(size: number): boolean {
  return Number.isInteger(size) && size >= 0
}

/**
 * Throws unless a shape is a list of whole sizes whose product engines can count.
 *
 * @param shape Of a tensor that is to be made.
 * @example
 * checkSizes('mine', [2, 0.5]) // throws mine: expected a shape of integers
 */
export function checkSizes(where: string, shape: Shape): void {
  if (!Array.isArray(shape)) throw expectedType(where, 'a shape: an array of integers >= 0', shape)
  if (!shape.every(isCount)) {
    throw expected(where, 'a shape of integers >= 0', shape)
  }
  if (shape.reduce((a, b) => a * b, 1) > MAX_SIZE) {
    throw expected(where, `a shape of at most ${MAX_SIZE} values`, formatShape(shape))
  }
}
