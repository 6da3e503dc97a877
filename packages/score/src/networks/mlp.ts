import { concat, expected, expectedType, formatShape, reshape, silu, type Tensor } from '@sgm/tensor'
import {
  checkAtLeast,
  checkFunctions,
  checkIntegers,
  checkLists,
  checkMethods,
  optionsOf,
} from '@sgm/tensor/check'
import type { Network } from '../types'
import { type Block, parametersOf } from './blocks/block'
import { gaussian } from './blocks/initializers'
import { linear } from './blocks/linear'
import { checkRows, type NetworkOptions, namedNetwork } from './network'
import { rawTime, type TimeEmbedding } from './time-embedding'

/** Options of {@link mlp}. */
export interface MlpOptions extends NetworkOptions {
  /** Numbers in a row of x, >= 1. @default 2 */
  readonly dims?: number
  /** Numbers in a row of the result, >= 1; other than `dims` for a classifier. @default `dims` */
  readonly outputs?: number
  /** Widths of the hidden layers, each >= 1. @default [128, 128, 128] */
  readonly hidden?: readonly number[]
  /** Applied after every hidden layer, elementwise. @default `silu` */
  readonly activation?: (x: Tensor) => Tensor
  /** How the network is told the time; its features stand beside x in the first layer. @default `rawTime` */
  readonly time?: TimeEmbedding
  /** Factor of the last layer's initial weights, >= 0; 0 starts as the zero function. @default 1 */
  readonly outputScale?: number
}

/**
 * A multilayer perceptron of x and t: dense layers over (x, embedding of t), an activation between them.
 *
 * Parameters: `layers.<i>.weight` `[inputs, outputs]` drawn from N(0, 1/inputs) (LeCun et al. 1998, "Efficient BackProp", section 4.6),
 * `layers.<i>.bias` zero, and those of the time embedding under `time.`.
 * For published toy results of sliced score matching: `mlp({ hidden: [128, 128], activation: softplus, time: noTime })`.
 *
 * @throws RangeError when a width is no integer >= 1 or `outputScale` is negative.
 * @example
 * const network = mlp({ dims: 2, hidden: [64, 64] })
 * const parameters = network.init(key(0))
 * network.apply(parameters, zeros([8, 2]), ones([8])).shape // → [8, 2]
 */
export function mlp(options: MlpOptions = {}): Network {
  const {
    dims = 2,
    outputs = dims,
    hidden = [128, 128, 128],
    activation = silu,
    time = rawTime,
    outputScale = 1,
  } = optionsOf('mlp', options, {
    limit: true,
    dims: true,
    outputs: true,
    hidden: true,
    activation: true,
    time: true,
    outputScale: true,
  })
  checkLists('mlp', { hidden })
  checkFunctions('mlp', { activation })
  checkMethods('mlp', { time }, 'block')
  checkIntegers('mlp', { 'time.size': time.size }, 0)
  for (const width of [dims, outputs, ...hidden]) {
    if (!Number.isInteger(width) || width < 1) throw expected('mlp', 'widths to be integers >= 1', width)
  }
  checkAtLeast('mlp', { outputScale }, 0)
  const widths = [dims + time.size, ...hidden]
  const embedding = time.block('time')
  const layers = [...hidden, outputs].map((width, i) => {
    const inputs = widths[i]!
    const scale = i === hidden.length ? outputScale : 1
    return linear(`layers.${i}`, { inputs, outputs: width, initial: gaussian(scale / Math.sqrt(inputs)) })
  })
  const block: Block<[Tensor, Tensor]> = {
    parameters: parametersOf(...layers, embedding),
    apply: (p, x, t) => {
      if (x.shape.length === 0 || x.size !== x.shape[0]! * dims) {
        throw expectedType('mlp', `x of ${dims} numbers a row`, `shape ${formatShape(x.shape)}`)
      }
      checkRows('mlp', x, t)
      const rows = reshape(x, [-1, dims])
      let h = time.size === 0 ? rows : concat([rows, embedding.apply(p, t)], 1)
      for (const [i, layer] of layers.entries()) {
        h = layer.apply(p, i === 0 ? h : activation(h))
      }
      return outputs === dims ? reshape(h, [-1, ...x.shape.slice(1)]) : h
    },
  }
  return namedNetwork('mlp', block, options.limit)
}
