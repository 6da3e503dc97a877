import { quietInNode } from './backends/quiet'
import { repairBackends } from './backends/repairs'

export * from './autodiff'
export * from './backends'
export { checkShape, expected, expectedType, formatShape } from './check'
export { type Compiled, type CompileOptions, compile } from './compile/compile'
export type { Executor } from './compile/executor'
export { item } from './item'
export * from './memory'
export * from './ops'
export { type Pace, paced } from './paced'
export type { LongCallOptions, Progress } from './progress'
export * from './random'
export { repairGradients } from './repair/gradients'
export * from './scoped'
export * from './serialize'
export { isTensor, tensorsIn } from './tree'
export type * from './types'

quietInNode()
repairBackends()
