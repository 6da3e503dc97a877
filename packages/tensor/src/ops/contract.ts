import { activationCases } from './contract/activations'
import type { OpCase } from './contract/case'
import { dtypeCases } from './contract/dtypes'
import { elementwiseCases } from './contract/elementwise'
import { imageCases } from './contract/image'
import { linearCases } from './contract/linear'
import { nothingCases } from './contract/nothing'
import { reductionCases } from './contract/reduction'
import { shapeCases } from './contract/shape'

export { activations } from './contract/activations'
export type { OpCase } from './contract/case'

/** Every exported op, each at least once: what any backend has to do alike. */
export const opCases: readonly OpCase[] = [
  ...elementwiseCases,
  ...activationCases,
  ...reductionCases,
  ...shapeCases,
  ...linearCases,
  ...imageCases,
  ...dtypeCases,
  ...nothingCases,
]
