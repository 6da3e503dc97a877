export { choice, normal, permutation, rademacher, type UniformOptions, uniform } from './draw'
export { foldIn, type Key, key, split } from './key'
export { uniformValues } from './uniform-values'
