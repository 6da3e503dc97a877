export { type ChainOptions, chain, type Target } from './chain'
export type { Progress, RunOptions } from './plan'
export { repeat, type Steps, scope, type Task, wait } from './steps'
export { type Point, sample, trajectory } from './trajectory'
