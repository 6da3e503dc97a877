import type { ScoreFunction } from '@sgm/score'
import { square, sub, sumRows, type Tensor, tidy } from '@sgm/tensor'
import { checkFunctions, checkTensors } from '@sgm/tensor/check'
import { checkedScore } from './objective'

const where = 'fisherDivergence'

/**
 * ‖s(x, t) − ∇ₓ ln p_t(x)‖² of each row: its mean over x ~ p_t is the Fisher divergence of a score from the truth, its
 * values over a grid are the error map of a learned score. (No factor ½: {@link explicit} has it.)
 *
 * @param score The one that is judged.
 * @param truth The true one.
 * @param x `[B, ...D]`; `t` `[B]`.
 * @param t `[B]`, a time for each row.
 * @returns `[B]`
 * @example
 * const truth = gaussian().score
 * const other = gaussian({ mean: [1, 0] }).score
 * const x = zeros([2, 2])
 * fisherDivergence(other, truth, x, ones([2])) // → [1, 1]
 */
export function fisherDivergence(score: ScoreFunction, truth: ScoreFunction, x: Tensor, t: Tensor): Tensor {
  checkFunctions(where, { score, truth })
  checkTensors(where, { x, t })
  return tidy(() =>
    sumRows(square(sub(checkedScore(where, score(x, t), x), checkedScore(where, truth(x, t), x)))),
  )
}
