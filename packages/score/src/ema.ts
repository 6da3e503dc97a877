import { add, clone, expected, mul, type NamedTensors, sub, type Tensor, tidy } from '@sgm/tensor'
import {
  checkAtLeast,
  checkFinite,
  checkFlags,
  checkHalfOpen,
  checkShape,
  checkTensors,
  isTensor,
  objectOf,
  optionsOf,
} from '@sgm/tensor/check'

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
  /**
   * In place of a decay, weights that grow as a power of the update: the average of n updates weighs update m by m^γ, whose standard
   * deviation is this share of n, in (0, 1/√12). It suits a run of any length, and forgets the first weights at once. Published: 0.05
   * to 0.15. @default none: the decay
   */
  readonly width?: number
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
 * With `width`, the power-function profile of Karras et al. 2024 ("Analyzing and improving the training dynamics of diffusion
 * models", section 3.1): the share kept at update n is (1 − 1/n)^(γ+1), with width² = (γ + 1)/((γ + 2)²(γ + 3)).
 *
 * @throws RangeError unless `decay` lies in [0, 1) and `width` in (0, 1/√12), or where both are given.
 * @example
 * const average = ema({ decay: 0.999 })
 * const parameters = { w: ones([2]) }
 * const before = average.init(parameters)
 * const after = average.update(before, { w: zeros([2]) }, 0.9)
 * after.w! // → [0.9, 0.9]
 */
export function ema(options: EmaOptions = {}): Ema {
  const {
    decay = 0.999,
    warmUp = true,
    width,
  } = optionsOf('ema', options, { decay: true, warmUp: true, width: true })
  checkHalfOpen('ema', { decay }, 0, 1)
  checkFlags('ema', { warmUp })
  if (width !== undefined && options.decay !== undefined) {
    throw expected('ema', 'a decay or a width', 'both')
  }
  const constantDecay = (n: number) => (warmUp ? Math.min(decay, (1 + n) / (10 + n)) : decay)
  const shareAt = width === undefined ? constantDecay : powerDecay(powerOf(width))
  return {
    init: (parameters) => mapNamed(parameters, clone),
    decayAt(n) {
      checkAtLeast('ema', { n }, 1)
      return shareAt(n)
    },
    update: (average, parameters, share) => {
      if (isTensor(share)) {
        checkTensors('ema', { decay: share })
        checkShape('ema', 'decay', share.shape, [])
      } else checkFinite('ema', { decay: share })
      return tidy(() =>
        mapNamed(parameters, (fresh, name) => {
          if (!Object.hasOwn(objectOf('ema', average, 'an average by name'), name)) {
            throw expected('ema', `an average of ${name}`, 'none')
          }
          const old = average[name]!
          checkTensors('ema', { [name]: old })
          checkShape('ema', name, old.shape, fresh.shape)
          return add(fresh, mul(sub(old, fresh), share))
        }),
      )
    },
  }
}

/** What is kept at update n where update m weighs m^power. */
const powerDecay = (power: number) => (n: number) => (1 - 1 / n) ** (power + 1)

/** The power γ of a profile of some width, by bisection: the width falls from 1/√12 at γ = 0, and γ < 1/width. */
function powerOf(width: number): number {
  if (!(typeof width === 'number' && width > 0 && width < 1 / Math.sqrt(12)))
    throw expected('ema', 'width in (0, 1/√12)', width)
  let [low, high] = [0, 1 / width]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if ((middle + 1) / ((middle + 2) ** 2 * (middle + 3)) > width ** 2) low = middle
    else high = middle
  }
  return (low + high) / 2
}

function mapNamed(tensors: NamedTensors, f: (x: Tensor, name: string) => Tensor): NamedTensors {
  checkTensors('ema', objectOf('ema', tensors, 'tensors by name'))
  return Object.fromEntries(Object.entries(tensors).map(([name, x]) => [name, f(x, name)]))
}
