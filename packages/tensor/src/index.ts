import { repairGradients } from './repair/gradients'

export * from './autodiff'
export * from './backends'
export * from './compile'
export { checkShape, expected, expectedType, formatShape } from './check'
export * from './memory'
export * from './ops'
export * from './random'
export * from './scoped'
export * from './serialize'
export type * from './types'

repairGradients()
