export { type ChainOptions, chain, type Target } from './chain'
export { evaluate } from './evaluate'
export type { Progress, RunOptions } from './plan'
export { type Point, sample, trajectory } from './trajectory'
