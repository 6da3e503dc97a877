import { add, clone, expected, mul, type NamedTensors, sub, type Tensor, tidy } from '@sgm/tensor'
import { checkFlags, checkHalfOpen, checkTensors, optionsOf } from '@sgm/tensor/check'

/** Options of {@link ema}. */
export interface EmaOptions {
  /**
   * Share of the old average kept at each update, in [0, 1). Published: 0.999 (NCSNv2, VE), 0.9999 (VP, sub-VP).
   * @default 0.999
   */
  readonly decay?: number
  /**
   * Keep at most (1 + n)/(10 + n) at update n = 1, 2, …, as the reference code does, so that the first random
   * weights are soon forgotten. @default true
   */
  readonly warmUp?: boolean
}

/** An exponential moving average of parameters: see {@link ema}. */
export interface Ema {
  /** The average before the first update: a copy. */
  init(parameters: NamedTensors): NamedTensors
  /** Share kept at update n = 1, 2, …; a schedule on the host, which enters {@link Ema.update} as an input. */
  decayAt(n: number): number
  /**
   * The next average, p + decay · (average − p) for each named parameter. Pure; may be traced, with the decay as a
   * scalar tensor. What is equal in both stays exactly as it is.
   */
  update(average: NamedTensors, parameters: NamedTensors, decay: Tensor | number): NamedTensors
}

/**
 * An exponential moving average of a network's parameters; samples drawn with it are better than with the last weights
 * (Song and Ermon 2020, section 3.4). Only what is passed in is averaged: weights, never an optimiser's slots.
 *
 * @throws RangeError unless `decay` lies in [0, 1).
 * @example
 * const average = ema({ decay: 0.999 })
 * const parameters = { w: ones([2]) }
 * const before = average.init(parameters)
 * const after = average.update(before, { w: zeros([2]) }, 0.9)
 * after.w! // → [0.9, 0.9]
 */
export function ema(options: EmaOptions = {}): Ema {
  const { decay = 0.999, warmUp = true } = optionsOf('ema', options)
  checkHalfOpen('ema', { decay }, 0, 1)
  checkFlags('ema', { warmUp })
  return {
    init: (parameters) => mapNamed(parameters, clone),
    decayAt: (n) => (warmUp ? Math.min(decay, (1 + n) / (10 + n)) : decay),
    update: (average, parameters, share) =>
      tidy(() =>
        mapNamed(parameters, (fresh, name) => {
          if (!Object.hasOwn(average, name)) throw expected('ema', `an average of ${name}`, 'none')
          const old = average[name]!
          return add(fresh, mul(sub(old, fresh), share))
        }),
      ),
  }
}

function mapNamed(tensors: NamedTensors, f: (x: Tensor, name: string) => Tensor): NamedTensors {
  checkTensors('ema', optionsOf('ema', tensors, 'tensors by name'))
  return Object.fromEntries(Object.entries(tensors).map(([name, x]) => [name, f(x, name)]))
}
