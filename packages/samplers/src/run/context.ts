import { foldIn, full, type Key, type Tensor, uniform } from '@sgm/tensor'
import type { Context, NormalNoise, Problem } from '../types'
import { checkedValue } from './checked-value'
import type { Engine } from './engine'
import { read } from './steps'

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
    engine,
  }: {
    readonly x: Tensor
    readonly key: Key
    readonly normal: NormalNoise
    readonly counts: Counts
    readonly engine: Engine
  },
): Context<P> {
  let draws = 0
  const rows = (x: Tensor, t: number | Tensor): Tensor => (typeof t === 'number' ? full([x.shape[0]!], t) : t)
  return {
    process,
    score(at, t) {
      counts.evaluations++
      return engine.ask(score, at, rows(at, t), at.shape)
    },
    ...(logDensity && { logDensity: (at, t) => engine.ask(logDensity, at, rows(at, t)) }),
    noise: (shape = x.shape) =>
      checkedValue('normal', 'what it gives', normal(foldIn(key, draws++), shape), shape),
    uniform: (shape) => uniform(foldIn(key, draws++), shape),
    read,
  }
}
