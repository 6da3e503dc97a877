import { add, type Key, mul, normal, ones, type Shape, type Tensor, tidy, uniform, zeros } from '@sgm/tensor'

/** How a parameter starts. */
export type Initializer = (key: Key, shape: Shape) => Tensor

export const zero: Initializer = (_, shape) => zeros(shape)

export const one: Initializer = (_, shape) => ones(shape)

/** N(mean, deviation²). */
export function gaussian(deviation = 1, mean = 0): Initializer {
  return (key, shape) => tidy(() => add(mul(normal(key, shape), deviation), mean))
}

/**
 * U(−bound, bound) with bound = 1/√fanIn: PyTorch's default for weights and biases of linear layers and convolutions.
 */
export function uniformByFanIn(fanIn: number): Initializer {
  const bound = 1 / Math.sqrt(fanIn)
  return (key, shape) => uniform(key, shape, { low: -bound, high: bound })
}

/**
 * U(−b, b) of variance scale · 2/(fanIn + fanOut), the fans counted over a filter's taps: DDPM's, for weights whose
 * last two axes are inputs and outputs (Glorot and Bengio 2010, equation 12). Scale 0 stands for 1e-10, as published.
 */
export function uniformByFans(scale = 1): Initializer {
  return (key, shape) => {
    const [inputs, outputs] = shape.slice(-2) as [number, number]
    const taps = shape.slice(0, -2).reduce((a, b) => a * b, 1)
    const bound = Math.sqrt((6 * (scale === 0 ? 1e-10 : scale)) / (taps * (inputs + outputs)))
    return uniform(key, shape, { low: -bound, high: bound })
  }
}
