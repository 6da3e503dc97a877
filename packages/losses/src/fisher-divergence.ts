import type { ScoreFunction } from '@sgm/score'
import { square, sub, sumRows, type Tensor, tidy } from '@sgm/tensor'

/**
 * ‖s(x, t) − ∇ₓ ln p_t(x)‖² of each row: its mean over x ~ p_t is the Fisher divergence of a score from the truth, its
 * values over a grid are the error map of a learned score. (No factor ½: {@link explicit} has it.)
 *
 * @param x `[B, ...D]`; `t` `[B]`.
 * @returns `[B]`
 */
export function fisherDivergence(score: ScoreFunction, truth: ScoreFunction, x: Tensor, t: Tensor): Tensor {
  return tidy(() => sumRows(square(sub(score(x, t), truth(x, t)))))
}
