import { add, mul, sub, type Tensor, tidy, zerosLike } from '@sgm/tensor'
import { checkHalfOpen, optionsOf } from '@sgm/tensor/check'
import { checkInput, checkNamed, checkStep } from '../check-update'
import type { Optimizer } from './types'

/** Options of {@link sgd}. */
export interface SgdOptions {
  /** Share of the last update kept, in [0, 1). @default 0 */
  readonly momentum?: number
}

/**
 * Gradient descent: u ← momentum · u + g, θ ← θ − rate · u (Polyak 1964).
 *
 * @throws RangeError when momentum is out of range. TypeError when the options are no object.
 * @example
 * const model = mlp({ dims: 2 })
 * const loss = sdeDenoising({ process: vp() })
 * const data = stream(twoMoons, { size: 64, key: key(0) })
 * const optimizer = sgd({ momentum: 0.9 })
 * const run = train({
 *   model,
 *   loss,
 *   data,
 *   steps: 10,
 *   key: key(1),
 *   optimizer,
 *   rate: 0.01,
 * })
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  const { momentum = 0 } = optionsOf('sgd', options, { momentum: true })
  checkHalfOpen('sgd', { momentum }, 0, 1)
  return {
    init(parameters) {
      checkNamed('sgd', parameters)
      if (momentum === 0) return {}
      return Object.fromEntries(Object.entries(parameters).map(([name, p]) => [`u/${name}`, zerosLike(p)]))
    },
    coefficients(step, rate) {
      checkStep('sgd', step, rate)
      return { rate }
    },
    update(input) {
      checkInput('sgd', input, 'rate')
      const { parameters, gradients, slots, coefficients } = input
      const newParameters = new Map<string, Tensor>()
      const newSlots: Record<string, Tensor> = {}
      return tidy(() => {
        for (const [name, p] of Object.entries(parameters)) {
          const old = slots[`u/${name}`]
          const u = old ? add(mul(old, momentum), gradients[name]!) : gradients[name]!
          if (old) newSlots[`u/${name}`] = u
          newParameters.set(name, sub(p, mul(u, coefficients.rate!)))
        }
        return { parameters: Object.fromEntries(newParameters), slots: newSlots }
      })
    },
  }
}
