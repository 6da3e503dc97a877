import { grad, neg, type Tensor, tidy } from '@sgm/tensor'
import { checkFunctions } from '@sgm/tensor/check'
import { checkAt } from '../check-at'
import type { ScoreFunction } from '../types'

/**
 * Turns an energy into a score: p = e^{−f}/Z has ∇ₓ ln p = −∇ₓf, whatever Z is, so Z is never needed.
 *
 * @param energy f: x `[B, ...D]`, t `[B]` → `[B]`, each row by itself. For a log-density, pass its negative.
 * @example
 * const score = energyScore((x, t) => mul(sumRows(square(x)), 0.5))
 * score(tensor([[1, 2]]), ones([1])) // → [[-1, -2]]
 */
export function energyScore(energy: (x: Tensor, t: Tensor) => Tensor): ScoreFunction {
  checkFunctions('energyScore', { energy })
  const gradient = grad(energy)
  return (x, t) => {
    checkAt('energyScore', x, t)
    return tidy(() => neg(gradient(x, t)))
  }
}
