import type { Score } from '@sgm/score'
import type { LinearSDE } from '@sgm/sde'
import {
  add,
  clone,
  dispose,
  expected,
  foldIn,
  item,
  normal as keyedNormal,
  mul,
  scoped,
  sum,
  type Tensor,
  tensorsIn,
  tidy,
} from '@sgm/tensor'
import type { Problem, Sampler, Stats } from '../types'
import { abortable } from './abort'
import { evaluate } from './evaluate'
import { type Plan, plan, type RunOptions } from './plan'

/** Where a run stands. */
export interface Point {
  /** `[B, ...D]`. The run's own: valid until the next point is asked for; `clone` it to have it longer. */
  readonly x: Tensor
  readonly t: number
  /** Steps done: 0 at the start, `times.length - 1` at the end. */
  readonly index: number
  /** Score evaluations so far (of the whole batch at once), those of rejected steps included. */
  readonly evaluations: number
  /** What the last step reported. */
  readonly stats: Stats
}

/**
 * Runs a sampler over a grid of times and gives every state on the way, the start and the end included. Frees all
 * it makes when it completes, when the loop over it is left, at an abort and at an error.
 *
 * ```ts
 * for await (const { x, t, evaluations } of trajectory(problem, eulerMaruyama(), { key: key(0), shape: [64, 2] })) …
 * ```
 *
 * @throws RangeError when an option does not fit, before any work.
 */
export function trajectory<State, Process = LinearSDE>(
  problem: Problem<Process>,
  sampler: Sampler<State, Process>,
  options: RunOptions<Process>,
): AsyncGenerator<Point, void, undefined> {
  const planned = plan('trajectory', problem, sampler as Sampler<never, Process>, options)
  return run(problem, sampler, options, planned)
}

/** The end of a {@link trajectory}: `[B, ...D]`, the caller's to free. Options and errors are the same. */
export async function sample<State, Process = LinearSDE>(
  problem: Problem<Process>,
  sampler: Sampler<State, Process>,
  options: RunOptions<Process>,
): Promise<Tensor> {
  const planned = plan('sample', problem, sampler as Sampler<never, Process>, options)
  let last: Tensor | undefined
  for await (const { x, index } of run(problem, sampler, options, planned)) {
    if (index === planned.times.length - 1) last = clone(x)
  }
  return last!
}

async function* run<State, Process>(
  problem: Problem<Process>,
  sampler: Sampler<State, Process>,
  { x: start, shape, signal, onProgress, finite = true, normal = keyedNormal }: RunOptions<Process>,
  { where, times, denoise, startKey, stepKey }: Plan,
): AsyncGenerator<Point, void, undefined> {
  signal?.throwIfAborted()
  let evaluations = 0
  const watched =
    (fn: Score, cost: number): Score =>
    (x, t) => {
      signal?.throwIfAborted()
      evaluations += cost
      const value = fn(x, t)
      return isPromise(value) ? abortable(value, signal, [x, t]) : value
    }
  const counted: Problem<Process> = {
    ...problem,
    score: watched(problem.score, 1),
    ...(problem.logDensity && { logDensity: watched(problem.logDensity, 0) }),
  }
  const steps = times.length - 1
  const check = async (x: Tensor, index: number): Promise<void> => {
    if (!finite || (await allFinite(x))) return
    const at = index === 0 ? 'at the start' : `after step ${index} of ${steps}`
    throw expected(where, 'x to stay finite', `NaN or infinity ${at}, at time ${times[index]}`)
  }
  const breathe = breather()
  let x = start ? clone(start) : (problem.process as LinearSDE).prior.sample(startKey, shape!)
  let state: State | undefined
  try {
    await check(x, 0)
    const initial = sampler.init(counted, x)
    state = initial
    yield { x, t: times[0]!, index: 0, evaluations, stats: {} }
    for (let index = 0; index < steps; index++) {
      const t = times[index]!
      const s = times[index + 1]!
      const {
        mean,
        stats = {},
        ...next
      } = await sampler.step(counted, {
        x,
        t,
        s,
        key: foldIn(stepKey, index),
        normal,
        state: state as State,
        index,
        times,
      })
      release([x, state, mean], [next.x, next.state, index === steps - 1 && mean])
      x = next.x
      state = next.state
      if (index === steps - 1) {
        const end = await finish(counted, denoise, x, mean, s).catch((error: unknown) => {
          dispose([mean])
          throw error
        })
        release([x, mean], [end, state])
        x = end
      }
      await check(x, index + 1)
      onProgress?.({ index: index + 1, steps, t: s, evaluations, stats })
      await breathe()
      signal?.throwIfAborted()
      yield { x, t: s, index: index + 1, evaluations, stats }
    }
  } finally {
    dispose([x, state])
  }
}

/** Whether every entry is finite: 0 · NaN and 0 · ∞ are NaN, and no sum of zeros is. */
async function allFinite(x: Tensor): Promise<boolean> {
  const zero = tidy(() => sum(mul(x, 0)))
  try {
    return (await item(zero)) === 0
  } finally {
    dispose(zero)
  }
}

function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | undefined)?.then === 'function'
}

/** Frees the tensors of `old` that are not in `kept`. */
function release(old: unknown, kept: unknown): void {
  const alive = new Set(tensorsIn(kept))
  dispose(tensorsIn(old).filter((x) => !alive.has(x)))
}

async function finish<Process>(
  problem: Problem<Process>,
  denoise: Plan['denoise'],
  x: Tensor,
  mean: Tensor | undefined,
  t: number,
): Promise<Tensor> {
  if (denoise === 'none') return x
  if (denoise === 'mean') return mean ?? x
  return scoped(async (own) => {
    const score = own(await evaluate(problem, x, t))
    const { alpha, sigma } = (problem.process as LinearSDE).marginal(t)
    return tidy(() => mul(add(x, mul(score, sigma ** 2)), 1 / alpha))
  })
}

/** Lets timers and input in, when some milliseconds have gone by since they were last let in. */
function breather(milliseconds = 12): () => Promise<void> {
  let last = Date.now()
  return async () => {
    if (Date.now() - last < milliseconds) return
    await new Promise<void>((resolve) => setTimeout(resolve, 0))
    last = Date.now()
  }
}
