import type { ScoreFunction } from '@sgm/score'
import { divergence, hutchinson, type Tensor, tidy } from '@sgm/tensor'
import { checkFloats, checkFunctions, checkTensors, expected, formatShape } from '@sgm/tensor/check'
import { checkedValue } from '../run/checked-value'

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
  return (x, t) => {
    checkStates('exactDivergence', x, t)
    return tidy(() => ({
      score: givenBy('exactDivergence', score(x, t), x),
      divergence: divergence((y) => score(y, t), x),
    }))
  }
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
    checkStates('hutchinsonDivergence', x, t)
    checkedValue('hutchinsonDivergence', 'probe', probe, x.shape)
    const scored = (y: Tensor) => givenBy('hutchinsonDivergence', score(y, t), x)
    const { value, divergence } = hutchinson(scored, x, probe)
    return { score: value, divergence }
  }
}

function checkStates(where: string, x: Tensor, t: Tensor): void {
  checkFloats(where, { x })
  checkTensors(where, { t })
  if (x.shape.length === 0 || x.size === 0)
    throw expected(where, 'x of shape [B, ...D]', formatShape(x.shape))
}

/** What a score gave at x. */
const givenBy = (where: string, value: Tensor, x: Tensor): Tensor =>
  checkedValue(where, 'what the score gives', value, x.shape)
