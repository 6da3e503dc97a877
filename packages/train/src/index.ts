export {
  type CheckpointOptions,
  type CheckpointStore,
  type CheckpointWeights,
  checkpointWeights,
} from './checkpoint'
export * from './optimizers/adam'
export * from './optimizers/sgd'
export type * from './optimizers/types'
export * from './rate'
export { DivergedError, train } from './train'
export type * from './types'
