export type { Covariance } from './exact/covariance'
export {
  type DiffusedTarget,
  type ExactTarget,
  type GaussianMixture,
  type GaussianMixtureOptions,
  type GaussianOptions,
  gaussian,
  gaussianMixture,
} from './exact/gaussian-mixture'
export type { LinearMeasurement } from './exact/posterior'
export type * from './types'
