export {
  averagedCheckpoint,
  type CheckpointInfo,
  type CheckpointOptions,
  type CheckpointStore,
  type CheckpointWeights,
  checkpointWeights,
  type Notes,
} from './checkpoint'
export { DivergedError } from './diverged'
export * from './optimizers/adam'
export * from './optimizers/sgd'
export type * from './optimizers/types'
export * from './rate'
export { train } from './train'
export type * from './types'
