export { normal, rademacher, type UniformOptions, uniform } from './draw'
export { foldIn, type Key, key, split } from './key'
