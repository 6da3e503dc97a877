import { checkExtent } from '@sgm/tensor/check'

/** An interval of pixel values. */
export type Range = readonly [low: number, high: number]

/** The range, where it is one. */
export function checkRange(where: string, range: Range): Range {
  checkExtent(where, 'range', range)
  return range
}
