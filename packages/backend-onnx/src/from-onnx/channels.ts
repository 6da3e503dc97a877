import { type Tensor, transpose } from '@sgm/tensor'
import type { OnnxValue } from './signature'

/** Where the channels of a model's images stand. */
export type Channels = 'first' | 'last'

/**
 * Where a model's input has its channels, as far as its sizes say so: first in images whose second size alone is fixed, or is at most 4 before
 * two larger ones.
 */
export function channelsOf({ shape }: OnnxValue): Channels {
  const [, second, third, fourth] = shape
  if (shape.length !== 4 || typeof second !== 'number') return 'last'
  if (typeof third !== 'number' && typeof fourth !== 'number') return 'first'
  return second <= 4 && Number(third) > 4 && Number(fourth) > 4 ? 'first' : 'last'
}

/** `[B, ...D, C]` → `[B, C, ...D]`. */
export function toFirst(x: Tensor): Tensor {
  const rank = x.shape.length
  return transpose(x, [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, i) => i + 1)])
}

/** `[B, C, ...D]` → `[B, ...D, C]`. */
export function toLast(x: Tensor): Tensor {
  return transpose(x, [0, ...x.shape.slice(2).map((_, i) => i + 2), 1])
}
