import type { ScoreFunction } from '@sgm/score'
import { square, sub, sumRows, type Tensor, tidy } from '@sgm/tensor'
import { checkFunctions, checkTensors } from '@sgm/tensor/check'
import { checkedScore } from './objective'

const where = 'fisherDivergence'

/**
 * ‖s(x, t) − ∇ₓ ln p_t(x)‖² of each row: its mean over x ~ p_t is the Fisher divergence of a score from the truth, its
 * values over a grid are the error map of a learned score. (No factor ½: {@link explicit} has it.)
 *
 * @param x `[B, ...D]`; `t` `[B]`.
 * @returns `[B]`
 */
export function fisherDivergence(score: ScoreFunction, truth: ScoreFunction, x: Tensor, t: Tensor): Tensor {
  checkFunctions(where, { score, truth })
  checkTensors(where, { x, t })
  return tidy(() =>
    sumRows(square(sub(checkedScore(where, score(x, t), x), checkedScore(where, truth(x, t), x)))),
  )
}
