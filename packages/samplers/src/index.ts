export * from './annealing'
export * from './driver'
export * from './samplers'
export type * from './types'
