import { add, type Key, mul, normal, ones, type Shape, type Tensor, tidy, uniform, zeros } from '@sgm/tensor'

/** How a parameter starts. */
export type Initializer = (key: Key, shape: Shape) => Tensor

export const zero: Initializer = (_, shape) => zeros(shape)

export const one: Initializer = (_, shape) => ones(shape)

/** N(mean, deviation²). */
export function gaussian(deviation = 1, mean = 0): Initializer {
  return (key, shape) => tidy(() => add(mul(normal(key, shape), deviation), mean))
}

/** U(−bound, bound) with bound = 1/√fanIn: PyTorch's default for weights and biases of linear layers and convolutions. */
export function uniformByFanIn(fanIn: number): Initializer {
  const bound = 1 / Math.sqrt(fanIn)
  return (key, shape) => uniform(key, shape, { low: -bound, high: bound })
}
