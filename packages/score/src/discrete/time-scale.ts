import { expected, mul, tidy } from '@sgm/tensor'
import { checkFunctions } from '@sgm/tensor/check'
import { checkAt } from '../check-at'
import type { ScoreFunction } from '../types'

/**
 * A function that sees factor · t in place of t. The default, 999, is for networks whose sinusoidal embedding was made
 * for the whole steps 0 … 999 of DDPM: t in [0, 1] alone would leave its features nearly constant.
 *
 * @param f A function of x and t.
 * @param factor What times are multiplied by.
 * @throws RangeError unless `factor` is a finite number other than 0.
 * @example
 * const { score } = gaussianMixture().diffused(vp())
 * const ofSteps = timeScaled(score, 1 / 1000) // of t from 0 to 1000
 */
export function timeScaled(f: ScoreFunction, factor = 999): ScoreFunction {
  checkFunctions('timeScaled', { f })
  if (!Number.isFinite(factor) || factor === 0)
    throw expected('timeScaled', 'a finite factor other than 0', factor)
  return (x, t) => {
    checkAt('timeScaled', x, t)
    return tidy(() => f(x, mul(t, factor)))
  }
}
