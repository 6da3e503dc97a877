import type { Score } from '@sgm/score'
import { checkShape, clone, expectedType, foldIn, full, type Key, type Tensor, uniform } from '@sgm/tensor'
import { isTensor } from '@sgm/tensor/check'
import type { Context, NormalNoise, Problem } from '../types'
import { read, type Steps, wait } from './steps'

/** What a run keeps count of. */
export interface Counts {
  evaluations: number
}

/** What a step is given: the problem with its evaluations counted, and draws of its own, the k-th from `foldIn(key, k)`. */
export function contextOf<P>(
  { process, score, logDensity }: Problem<P>,
  {
    x,
    key,
    normal,
    counts,
  }: {
    readonly x: Tensor
    readonly key: Key
    readonly normal: NormalNoise
    readonly counts: Counts
  },
): Context<P> {
  let draws = 0
  return {
    process,
    *score(at, t) {
      counts.evaluations++
      const value = yield* evaluate(score, at, t)
      checkShape('score', 'an output', value.shape, at.shape)
      return value
    },
    ...(logDensity && { logDensity: (at, t) => evaluate(logDensity, at, t) }),
    noise: (shape = x.shape) => normal(foldIn(key, draws++), shape),
    uniform: (shape) => uniform(foldIn(key, draws++), shape),
    read,
  }
}

/** A function of (x, t) at one time, or at one time a row. @throws TypeError when it gives no float32 tensor. */
function* evaluate(fn: Score, x: Tensor, t: number | Tensor): Steps<Tensor> {
  const times = typeof t === 'number' ? full([x.shape[0]!], t) : t
  const fresh = (value: Tensor): Tensor => (value === x || value === times ? clone(value) : value)
  const value = yield* wait(() => {
    const value = fn(x, times)
    return isPromise(value) ? value.then(fresh) : fresh(value)
  })
  if (!isTensor(value)) throw expectedType('score', 'a tensor', value)
  if (value.dtype !== 'float32') throw expectedType('score', 'a float32 tensor', value.dtype)
  return value
}

function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | undefined)?.then === 'function'
}
