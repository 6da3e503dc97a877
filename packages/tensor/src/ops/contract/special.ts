import { binaryCases } from './special/binary'
import type { SpecialCase } from './special/case'
import { digitCases } from './special/digits'
import { extremeCases } from './special/extremes'
import { gradientCases } from './special/gradients'
import { imageCases } from './special/images'
import { integerCases } from './special/integers'
import { shapeCases } from './special/shape'
import { unaryCases } from './special/unary'

export type { SpecialCase } from './special/case'

/** NaN, infinities, digits of small values, indices out of range and integers beyond 32 bits: one rule for every engine, that of IEEE 754 and NumPy. */
export const specialCases: readonly SpecialCase[] = [
  ...unaryCases,
  ...binaryCases,
  ...digitCases,
  ...extremeCases,
  ...imageCases,
  ...gradientCases,
  ...shapeCases,
  ...integerCases,
]
