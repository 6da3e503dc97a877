import { expected } from '@sgm/tensor/check'

/** An interval of pixel values. */
export type Range = readonly [low: number, high: number]

/** The range, where it is one. */
export function checkRange(where: string, range: Range): Range {
  const [low, high] = range
  if (!(low < high && Number.isFinite(low) && Number.isFinite(high))) {
    throw expected(where, 'range to be [low, high], low < high', [low, high])
  }
  return range
}
