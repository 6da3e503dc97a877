import type { ScoreFunction } from '@sgm/score'
import { divergence, hutchinson, type Tensor, tidy } from '@sgm/tensor'
import { checkFunctions } from '@sgm/tensor/check'

/**
 * A score and its divergence at once: x `[B, ...D]`, t `[B]`, probe `[B, ...D]` → the score `[B, ...D]` and
 * vᵀ(∂s/∂x)v or the exact trace, `[B]`. May be compiled.
 */
export type ScoreDivergence = (
  x: Tensor,
  t: Tensor,
  probe: Tensor,
) => ScoreWithDivergence | Promise<ScoreWithDivergence>

/** What a {@link ScoreDivergence} gives. */
export interface ScoreWithDivergence {
  readonly score: Tensor
  readonly divergence: Tensor
}

/**
 * The score with the exact trace of its Jacobian, by d gradients; the probe is not used.
 *
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const { divergence } = exactDivergence(score)(
 *   zeros([8, 2]),
 *   ones([8]),
 *   zeros([8, 2]),
 * )
 * divergence.shape // → [8]
 */
export function exactDivergence(
  score: ScoreFunction,
): (x: Tensor, t: Tensor, probe: Tensor) => ScoreWithDivergence {
  checkFunctions('exactDivergence', { score })
  return (x, t) => tidy(() => ({ score: score(x, t), divergence: divergence((y) => score(y, t), x) }))
}

/**
 * The score with Hutchinson's estimate of its divergence (Skilling 1989, Hutchinson 1990), by one gradient.
 *
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const withDivergence = hutchinsonDivergence(score)
 * const probe = rademacher(key(0), [8, 2])
 * withDivergence(zeros([8, 2]), ones([8]), probe).divergence.shape // → [8]
 */
export function hutchinsonDivergence(
  score: ScoreFunction,
): (x: Tensor, t: Tensor, probe: Tensor) => ScoreWithDivergence {
  checkFunctions('hutchinsonDivergence', { score })
  return (x, t, probe) => {
    const { value, divergence } = hutchinson((y) => score(y, t), x, probe)
    return { score: value, divergence }
  }
}
