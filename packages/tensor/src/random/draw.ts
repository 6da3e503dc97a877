import { expected, optionsOf } from '../check'
import { tensor } from '../ops/create'
import type { Shape, Tensor, TypedArray } from '../types'
import { drawnOnDevice } from './device-draw'
import {
  choiceValues,
  type Draw,
  normalValues,
  permutationValues,
  rademacherValues,
  uniformValues,
} from './host-values'
import type { Key } from './key'
import { recordedDraw } from './recorded-draw'

/**
 * Standard normal numbers, float32, by Box and Muller's method. Row i (along the first axis) depends on (key, i) only:
 * the first rows of a larger batch are the rows of a smaller one.
 *
 * All are finite and below 6.77 in size.
 *
 * @param shape `[B, ...D]`; a scalar is one row.
 * @example
 * const [one, other] = split(key(0))
 * const weights = normal(one, [784, 10])
 * const noise = normal(other, [64, 2])
 */
export function normal(key: Key, shape: Shape): Tensor {
  return draw({ kind: 'normal', key, shape }, normalValues)
}

/** Options of {@link uniform}. */
export interface UniformOptions {
  /** Lower end, included. @default 0 */
  readonly low?: number
  /** Upper end, left out. @default 1 */
  readonly high?: number
}

/**
 * Uniform numbers in [low, high), float32: no number lies outside after rounding. Without options all are > 0, so that
 * their logarithms are finite. Rows as in {@link normal}.
 *
 * @throws RangeError unless low < high, both finite in float32 and with a float32 number in [low, high).
 * @example
 * uniform(key(0), [64, 2], { low: -1, high: 1 })
 */
export function uniform(key: Key, shape: Shape, options: UniformOptions = {}): Tensor {
  const { low = 0, high = 1 } = optionsOf('uniform', options, { low: true, high: true })
  if (!(Number.isFinite(low) && Number.isFinite(high))) {
    throw expected('uniform', 'finite float32 bounds, low < high', [low, high])
  }
  return draw({ kind: 'uniform', key, shape, low, high }, uniformValues)
}

/**
 * −1 or 1 with equal chance, float32. Rows as in {@link normal}.
 *
 * @example
 * rademacher(key(0), [64, 2]) // −1 or 1, each half the time
 */
export function rademacher(key: Key, shape: Shape): Tensor {
  return draw({ kind: 'rademacher', key, shape }, rademacherValues)
}

/**
 * Indices drawn with replacement, int32. Rows as in {@link normal}.
 *
 * @param among A count n: each of 0, …, n − 1 with equal chance (to within n/2⁵³). Or weights: index i with chance
 * weights[i]/Σ weights, never one of weight 0.
 * @throws RangeError unless the count is in [1, 2³¹], or the weights are >= 0 with a finite sum > 0.
 * @example
 * choice(key(0), [2, 4, 8], [100]) // each of the three about 33 times
 */
export function choice(key: Key, among: number | ArrayLike<number>, shape: Shape): Tensor {
  return draw({ kind: 'choice', key, shape, among }, choiceValues)
}

/**
 * The numbers 0, …, n − 1 in random order, int32 `[n]`: every order with equal chance (Fisher–Yates; each swap is
 * uniform to within n/2⁵³). A part of it is a draw without replacement.
 *
 * @param n How many numbers, from 0.
 * @example
 * permutation(key(0), 5) // 0 to 4, each once, in a random order
 */
export function permutation(key: Key, n: number): Tensor {
  return draw({ kind: 'permutation', key, shape: [n] }, permutationValues)
}

/** The one place where random values become a tensor: of numbers, or, while a function is traced, of an input to come. */
function draw<D extends Draw>(what: D, values: (draw: D) => TypedArray): Tensor {
  return recordedDraw(what) ?? drawnOnDevice(what) ?? tensor(values(what), what.shape)
}
