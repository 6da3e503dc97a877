export {
  type BlurKernel,
  blurOperator,
  type GaussianKernelOptions,
  gaussianKernel,
  type MotionKernelOptions,
  motionKernel,
} from './blur'
export { fourierOperator, type KSpaceMaskOptions, kSpaceMask } from './fourier'
export { greyOperator } from './grey'
export { type LeastSquaresOptions, leastSquares } from './least-squares'
export type { HeldOperator, LinearOperator } from './linear-operator'
export { maskOperator } from './mask'
export { matrixOperator } from './matrix'
export { poolingOperator } from './pooling'
export { type RadonOptions, radonOperator } from './radon'
export { type RandomRowsOptions, randomRowsOperator } from './random-rows'
export type { ImageShape } from './shapes'
