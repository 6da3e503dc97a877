import type { NamedTensors, Tensor } from '@sgm/tensor'
import type { Network, ScoreFunction } from '../types'

/** A network with its parameters (and what it is conditioned on) put in: (x, t) → network.apply(parameters, x, t, condition). */
export function bind(network: Network, parameters: NamedTensors, condition?: Tensor): ScoreFunction {
  return (x, t) => network.apply(parameters, x, t, condition)
}

/**
 * Changes what a network's output means without touching its parameters: the network of which
 * `wrap(bind(network, p))` are the functions.
 *
 * ```ts
 * const score = mapNetwork(mlp(), (f) => noisePrediction.toScore(f, process))
 * ```
 */
export function mapNetwork<N extends Network>(network: N, wrap: (f: ScoreFunction) => ScoreFunction): N {
  return {
    ...network,
    apply: (parameters, x, t, condition) => wrap(bind(network, parameters, condition))(x, t),
  }
}
