import {
  concat,
  expected,
  expectedType,
  foldIn,
  formatShape,
  reshape,
  silu,
  type Tensor,
  tidy,
} from '@sgm/tensor'
import type { Network } from '../types'
import { applyDense, initDense } from './dense'
import { rawTime, type TimeEmbedding } from './time-embedding'

/** Options of {@link mlp}. */
export interface MlpOptions {
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
 * Parameters: `layers.<i>.weight` `[inputs, outputs]` drawn from N(0, 1/inputs), `layers.<i>.bias` zero, and those of
 * the time embedding under `time.`. Layer i draws from its own key, so that widening one layer leaves the others' draws.
 * For published toy results of sliced score matching: `mlp({ hidden: [128, 128], activation: softplus, time: noTime })`.
 *
 * @throws RangeError when a width is no integer >= 1 or `outputScale` is negative.
 */
export function mlp({
  dims = 2,
  outputs = dims,
  hidden = [128, 128, 128],
  activation = silu,
  time = rawTime,
  outputScale = 1,
}: MlpOptions = {}): Network {
  for (const width of [dims, outputs, ...hidden]) {
    if (!Number.isInteger(width) || width < 1) throw expected('mlp', 'widths to be integers >= 1', width)
  }
  if (!(outputScale >= 0)) throw expected('mlp', 'outputScale >= 0', outputScale)
  const widths = [dims + time.size, ...hidden, outputs]
  const last = hidden.length
  return {
    init: (key) => {
      const layers = widths
        .slice(1)
        .map((width, i) =>
          initDense(`layers.${i}`, foldIn(key, i), widths[i]!, width, i === last ? outputScale : 1),
        )
      const embedding = Object.entries(time.init(foldIn(key, layers.length)))
      return Object.assign(
        {},
        ...layers,
        Object.fromEntries(embedding.map(([name, value]) => [TIME + name, value])),
      )
    },
    apply: (parameters, x, t) => {
      if (x.shape.length === 0 || x.size !== x.shape[0]! * dims) {
        throw expectedType('mlp', `x of ${dims} numbers a row`, `shape ${formatShape(x.shape)}`)
      }
      return tidy(() => {
        const rows = reshape(x, [-1, dims])
        let h = time.size === 0 ? rows : concat([rows, time.apply(within(parameters), t)], 1)
        for (let i = 0; i < last; i++) h = activation(applyDense(parameters, `layers.${i}`, h))
        const y = applyDense(parameters, `layers.${last}`, h)
        return outputs === dims ? reshape(y, [-1, ...x.shape.slice(1)]) : y
      })
    },
  }
}

const TIME = 'time.'

/** The embedding's own parameters, without the prefix. */
function within(parameters: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, value]) =>
      name.startsWith(TIME) ? [[name.slice(TIME.length), value]] : [],
    ),
  )
}
