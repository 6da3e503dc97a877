import type { Score } from '@sgm/score'
import { checkShape, clone, dispose, expectedType, full, settle, type Tensor } from '@sgm/tensor'
import { isTensor } from '@sgm/tensor/check'

/**
 * The score at one time, or at one time a row: x `[B, ...D]`, t a number or `[B]` → `[B, ...D]`, the caller's to free.
 * A synchronous score function leaves nothing else alive.
 *
 * @throws RangeError when the score is not of the shape of x.
 * @throws TypeError when it is no float32 tensor.
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

/** A function of (x, t) at one time, a score or a log-density: see {@link evaluate}. */
export async function call(fn: Score, x: Tensor, t: number | Tensor): Promise<Tensor> {
  const times = typeof t === 'number' ? full([x.shape[0]!], t) : t
  try {
    const value = await settle(() => fn(x, times))
    if (!isTensor(value)) throw expectedType('score', 'a tensor', value)
    if (value.dtype !== 'float32') {
      if (value !== x && value !== times) dispose(value)
      throw expectedType('score', 'a float32 tensor', value.dtype)
    }
    return value === x || value === times ? clone(value) : value
  } finally {
    if (times !== t) dispose(times)
  }
}
