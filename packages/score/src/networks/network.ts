import { type NamedTensors, type Tensor, tidy } from '@sgm/tensor'
import type { Network, ScoreFunction } from '../types'
import { type Block, draw } from './blocks/block'

/**
 * The network that a block of (x, t) or (x, t, condition) is. Parameters are drawn each from a key of its own, so that the shape of one
 * leaves the others' draws.
 *
 * ```ts
 * const gain = networkOf({
 *   parameters: { gain: { shape: [1], initial: (key, shape) => normal(key, shape) } },
 *   apply: ({ gain }, x) => mul(x, gain!),
 * })
 * ```
 */
export function networkOf({
  parameters,
  apply,
}: Block<[x: Tensor, t: Tensor, condition: Tensor | undefined]>): Network {
  return {
    shapes: Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, shape])),
    init: (key) => draw(parameters, key),
    apply: (values, x, t, condition) => tidy(() => apply(values, x, t, condition)),
  }
}

/** A network with its parameters (and what it is conditioned on) put in: (x, t) → network.apply(parameters, x, t, condition). */
export function bind(network: Network, parameters: NamedTensors, condition?: Tensor): ScoreFunction {
  return (x, t) => network.apply(parameters, x, t, condition)
}

/**
 * Changes what a network's output means without touching its parameters: the network of which
 * `wrap(bind(network, p))` are the functions.
 *
 * ```ts
 * const score = mapNetwork(mlp(), (f) => edmPreconditioned(f, process))
 * ```
 */
export function mapNetwork(network: Network, wrap: (f: ScoreFunction) => ScoreFunction): Network {
  return {
    ...network,
    apply: (parameters, x, t, condition) => wrap(bind(network, parameters, condition))(x, t),
  }
}

/** Number of parameters of a network, none of them drawn. */
export function countParameters({ shapes }: Network): number {
  return Object.values(shapes).reduce((total, shape) => total + shape.reduce((a, b) => a * b, 1), 0)
}
