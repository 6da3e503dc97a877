import { binaryCases } from './special/binary'
import type { SpecialCase } from './special/case'
import { extremeCases } from './special/extremes'
import { imageCases } from './special/images'
import { shapeCases } from './special/shape'
import { unaryCases } from './special/unary'

export type { SpecialCase } from './special/case'

/** NaN, infinities and indices out of range: one rule for every engine, that of IEEE 754 and NumPy. */
export const specialCases: readonly SpecialCase[] = [
  ...unaryCases,
  ...binaryCases,
  ...extremeCases,
  ...imageCases,
  ...shapeCases,
]
