import {
  add,
  div,
  mul,
  type NamedTensors,
  sqrt,
  square,
  sub,
  type Tensor,
  tidy,
  zerosLike,
} from '@sgm/tensor'
import { checkAtLeast, checkHalfOpen, checkPositive, expectedType, optionsOf } from '@sgm/tensor/check'
import { checkInput, checkNamed, checkStep } from '../check-update'
import type { Optimizer } from './types'

/** Options of {@link adam}. */
export interface AdamOptions {
  /** Decay of the mean of the gradients, in [0, 1). @default 0.9 */
  readonly beta1?: number
  /** Decay of the mean of their squares, in [0, 1). @default 0.999 */
  readonly beta2?: number
  /** Added to the root, > 0. @default 1e-8 */
  readonly epsilon?: number
  /** Decoupled weight decay (AdamW, Loshchilov and Hutter 2019), >= 0, times the learning rate. @default 0 */
  readonly weightDecay?: number
}

/**
 * Adam: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − rate · m̂ / (√v̂ + ε), with m̂ and v̂ corrected for their
 * start at 0 (Kingma and Ba 2015, Algorithm 1).
 *
 * @throws RangeError when an option is out of range. TypeError when the options are no object.
 * @example
 * const model = mlp({ dims: 2 })
 * const loss = sdeDenoising({ process: vp() })
 * const data = stream(twoMoons, { size: 64, key: key(0) })
 * const optimizer = adam({ weightDecay: 0.01 })
 * const run = train({ model, loss, data, steps: 10, key: key(1), optimizer })
 */
export function adam(options: AdamOptions = {}): Optimizer {
  const {
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = 1e-8,
    weightDecay = 0,
  } = optionsOf('adam', options, { beta1: true, beta2: true, epsilon: true, weightDecay: true })
  checkHalfOpen('adam', { beta1, beta2 }, 0, 1)
  checkPositive('adam', { epsilon })
  checkAtLeast('adam', { weightDecay }, 0)
  return {
    init(parameters) {
      checkNamed('adam', parameters)
      return Object.fromEntries(
        Object.entries(parameters).flatMap(([name, p]) => [
          [`m/${name}`, zerosLike(p)],
          [`v/${name}`, zerosLike(p)],
        ]),
      )
    },
    // √v̂ = √v / c with c = √(1 − β₂ᵗ): c taken out of the fraction spares a pass over the parameters.
    coefficients(step, rate) {
      checkStep('adam', step, rate)
      const correction = Math.sqrt(1 - beta2 ** step)
      return {
        stepSize: (rate * correction) / (1 - beta1 ** step),
        rootShift: epsilon * correction,
        shrink: 1 - rate * weightDecay,
      }
    },
    update(input) {
      checkInput('adam', input, 'stepSize', 'rootShift', 'shrink')
      const { parameters, gradients, slots, coefficients } = input
      const { stepSize, rootShift, shrink } = coefficients as Record<
        'stepSize' | 'rootShift' | 'shrink',
        Tensor
      >
      const newParameters = new Map<string, Tensor>()
      const newSlots: Record<string, Tensor> = {}
      return tidy(() => {
        for (const [name, p] of Object.entries(parameters)) {
          const g = gradients[name]!
          const [mean, squares] = [slots[`m/${name}`], slots[`v/${name}`]]
          if (!mean || !squares) throw expectedType('adam', `slots of ${name}, as init gives them`, 'none')
          const m = lerp(mean, g, beta1)
          const v = lerp(squares, square(g), beta2)
          const root = add(sqrt(v), rootShift)
          const kept = weightDecay > 0 ? mul(p, shrink) : p
          newParameters.set(name, sub(kept, mul(div(m, root), stepSize)))
          newSlots[`m/${name}`] = m
          newSlots[`v/${name}`] = v
        }
        return { parameters: Object.fromEntries(newParameters), slots: newSlots as NamedTensors }
      })
    },
  }
}

function lerp(old: Tensor, fresh: Tensor, decay: number): Tensor {
  return add(mul(old, decay), mul(fresh, 1 - decay))
}
