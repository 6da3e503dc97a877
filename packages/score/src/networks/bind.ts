import type { NamedTensors } from '@sgm/tensor'
import type { Network, ScoreFunction } from '../types'

/** A network with its parameters put in: (x, t) → network.apply(parameters, x, t). */
export function bind(network: Network, parameters: NamedTensors): ScoreFunction {
  return (x, t) => network.apply(parameters, x, t)
}

/**
 * Changes what a network's output means without touching its parameters: the network of which
 * `wrap(bind(network, p))` are the functions.
 *
 * ```ts
 * const score = mapNetwork(mlp(), (f) => noisePrediction.toScore(f, process))
 * ```
 */
export function mapNetwork(network: Network, wrap: (f: ScoreFunction) => ScoreFunction): Network {
  return {
    init: network.init,
    apply: (parameters, x, t) => wrap(bind(network, parameters))(x, t),
  }
}
