export { type ChainOptions, chain, type Target } from './chain'
export type { RunOptions, RunProgress } from './plan'
export { repeat, type Steps, scope, type Task, wait } from './steps'
export { type Point, sample, trajectory } from './trajectory'
