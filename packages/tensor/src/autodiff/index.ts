export type { Differentiable, Gradients } from './differentiable'
export { divergence, hutchinson } from './divergence'
export { grad, valueAndGrad } from './grad'
export { hvp, jvp, vjp } from './products'
