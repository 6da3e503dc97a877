import { quietCpu } from './backends/quiet'
import { repairCpuKernels } from './repair/cpu'
import { repairGradients } from './repair/gradients'
import { repairWasmKernels } from './repair/kernels'
import { repairWebglKernels } from './repair/webgl'

export * from './autodiff'
export * from './backends'
export { checkShape, expected, expectedType, formatShape } from './check'
export { type Compiled, type CompileOptions, compile } from './compile/compile'
export type { Executor } from './compile/executor'
export { item } from './item'
export * from './memory'
export * from './ops'
export * from './random'
export { repairWasmKernels } from './repair/kernels'
export { repairWebgpuKernels } from './repair/webgpu'
export * from './scoped'
export * from './serialize'
export { isTensor, tensorsIn } from './tree'
export type * from './types'

quietCpu()
repairGradients()
repairCpuKernels()
repairWasmKernels()
repairWebglKernels()
