import { add, expected, mul, sub, tidy } from '@sgm/tensor'
import { checkFunctions, optionsOf } from '@sgm/tensor/check'
import type { ScoreFunction } from '../types'

/** Options of {@link classifierFreeGuidance}. */
export interface ClassifierFreeGuidanceOptions {
  /** w, any finite number: 0 is unconditional, 1 conditional, more sharpens. @default 3 */
  readonly scale?: number
}

/**
 * Classifier-free guidance: s_u + w (s_c − s_u), which is the score of p(x) p(y | x)ʷ at the noise level.
 *
 * With w = 0 and w = 1 only one of the two is evaluated.
 *
 * Ho and Salimans 2022 write (1 + w′)s_c − w′s_u in equation 6: their w′ is w − 1 here.
 *
 * @param conditional Score given the condition.
 * @param unconditional Score without it, usually the same network with a null label.
 * @throws RangeError unless `scale` is finite.
 * @example
 * const network = mlp({ dims: 2 })
 * const parameters = network.init(key(0))
 * const one = bind(network, parameters)
 * const guided = classifierFreeGuidance(one, one, { scale: 2 })
 */
export function classifierFreeGuidance(
  conditional: ScoreFunction,
  unconditional: ScoreFunction,
  options: ClassifierFreeGuidanceOptions = {},
): ScoreFunction {
  const { scale = 3 } = optionsOf('classifierFreeGuidance', options, { scale: true })
  checkFunctions('classifierFreeGuidance', { conditional, unconditional })
  if (!Number.isFinite(scale)) throw expected('classifierFreeGuidance', 'a finite scale', scale)
  if (scale === 0) return unconditional
  if (scale === 1) return conditional
  return (x, t) =>
    tidy(() => {
      const free = unconditional(x, t)
      return add(free, mul(sub(conditional(x, t), free), scale))
    })
}
