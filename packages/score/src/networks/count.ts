import type { ShapedNetwork } from './image-network'

/** Number of parameters of a network, none of them drawn. */
export function countParameters({ shapes }: ShapedNetwork): number {
  return Object.values(shapes).reduce((total, shape) => total + shape.reduce((a, b) => a * b, 1), 0)
}
