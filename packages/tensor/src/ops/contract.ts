import { activationCases } from './contract/activations'
import type { OpCase } from './contract/case'
import { elementwiseCases } from './contract/elementwise'
import { linearCases } from './contract/linear'
import { structureCases } from './contract/structure'

export { type Activation, activations } from './contract/activations'
export type { OpCase } from './contract/case'

/** Every exported op, each at least once: what any backend has to do alike. */
export const opCases: readonly OpCase[] = [
  ...elementwiseCases,
  ...activationCases,
  ...structureCases,
  ...linearCases,
]
