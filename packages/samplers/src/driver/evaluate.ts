import type { Score } from '@sgm/score'
import { checkShape, clone, dispose, full, settle, type Tensor } from '@sgm/tensor'

/**
 * The score at one time, or at one time a row: x `[B, ...D]`, t a number or `[B]` → `[B, ...D]`, the caller's to free.
 * A synchronous score function leaves nothing else alive.
 *
 * @throws RangeError when the score is not of the shape of x.
 */
export async function evaluate(
  problem: { readonly score: Score },
  x: Tensor,
  t: number | Tensor,
): Promise<Tensor> {
  const score = await call(problem.score, x, t)
  try {
    checkShape('score', 'an output', score.shape, x.shape)
  } catch (error) {
    score.dispose()
    throw error
  }
  return score
}

/** A function of (x, t) at one time: see {@link evaluate}. */
export async function call(fn: Score, x: Tensor, t: number | Tensor): Promise<Tensor> {
  const times = typeof t === 'number' ? full([x.shape[0]!], t) : t
  try {
    const value = await settle(() => fn(x, times))
    return value === x || value === times ? clone(value) : value
  } finally {
    if (times !== t) dispose(times)
  }
}
