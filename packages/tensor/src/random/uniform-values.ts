import { checkIntegers, checkKeys } from '../check'
import { uniformValues as valuesOf } from './host-values'
import type { Key } from './key'

/**
 * `count` uniform numbers in (0, 1) on the host, the same as `uniform(key, [count])`: for schedules that are worked out
 * in float64 before they become tensors. Number i depends on (key, i) only.
 *
 * @example
 * uniformValues(key(0), 1000).every((u) => u >= 0 && u < 1) // → true
 */
export function uniformValues(key: Key, count: number): Float32Array {
  checkKeys('uniformValues', { key })
  checkIntegers('uniformValues', { count }, 0)
  return valuesOf({ kind: 'uniform', key, shape: [count], low: 0, high: 1 })
}
