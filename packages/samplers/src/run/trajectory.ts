import { isLinear, type LinearSDE, type Process, posteriorMean } from '@sgm/sde'
import {
  clone,
  dispose,
  expected,
  foldIn,
  item,
  normal as keyedNormal,
  mul,
  settle,
  sum,
  type Tensor,
  tensorsIn,
  tidy,
} from '@sgm/tensor'
import type { Context, Problem, Sampler, Stats, Step, Stepped } from '../types'
import { abortable } from './abort'
import { stepped } from './check-sampler'
import { contextOf } from './context'
import { eager } from './engine'
import { type Plan, plan, type RunOptions } from './plan'
import { drive, type Steps } from './steps'

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
 * @param problem The process and the score of the noised data, exact or learned, compiled or not.
 * @param sampler How each step is made.
 * @param options The key of all randomness and the shape `[B, ...D]` of the samples, or the start `x`.
 * @throws RangeError when an option does not fit, before any work; the signal's reason, when it ends the run.
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const options = { key: key(0), shape: [64, 2], steps: 50 }
 * const run = trajectory({ process, score }, eulerMaruyama(), options)
 * for await (const { x, t } of run) console.log(t, await x.data())
 */
export function trajectory<P extends Process | undefined = LinearSDE>(
  problem: Problem<P>,
  sampler: Sampler<P>,
  options: RunOptions<P>,
): AsyncGenerator<Point, void, undefined> {
  return run(problem, sampler, options, plan('trajectory', problem, sampler, options))
}

/**
 * Draws samples: the end of a {@link trajectory}.
 *
 * @param problem The process and the score of the noised data, exact or learned, compiled or not.
 * @param sampler How each step is made, such as `dpmSolverPlusPlus()`, `eulerMaruyama()` or `predictorCorrector()`.
 * @param options The key of all randomness and the shape `[B, ...D]` of the samples, or the start `x`; the rest, such as the steps, is the
 * sampler's and the process's to say.
 * @returns `[B, ...D]`, the caller's to free.
 * @throws RangeError when an option does not fit, before any work; the signal's reason, when it ends the run.
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const options = { key: key(0), shape: [64, 2], steps: 25 }
 * const x = await sample({ process, score }, dpmSolverPlusPlus(), options)
 * x.shape // → [64, 2]
 * // each step as one call of ONNX Runtime
 * const y = await sample({ process, score }, eulerMaruyama(), {
 *   ...options,
 *   compile: onnx(),
 * })
 */
export async function sample<P extends Process | undefined = LinearSDE>(
  problem: Problem<P>,
  sampler: Sampler<P>,
  options: RunOptions<P>,
): Promise<Tensor> {
  const planned = plan('sample', problem, sampler, options)
  let last: Tensor | undefined
  const watched = options.onProgress !== undefined
  for await (const { x, index } of run(problem, sampler, options, planned, watched)) {
    if (index === planned.times.length - 1) last = clone(x)
  }
  return last!
}

/** Runs what was planned. @param watched Whether each point is asked for: others are not computed by themselves where steps are compiled. */
export async function* run<P extends Process | undefined>(
  problem: Problem<P>,
  sampler: Sampler<P>,
  { signal, onProgress, finite = true, normal = keyedNormal, compile }: RunOptions<P>,
  { where, times, denoise, stepKey, start }: Plan,
  watched = true,
): AsyncGenerator<Point, void, undefined> {
  signal?.throwIfAborted()
  const counts = { evaluations: 0 }
  const steps = times.length - 1
  const perform: typeof settle = (task) => {
    signal?.throwIfAborted()
    return abortable(settle(task), signal)
  }
  const check = async (sum: Tensor | undefined, index: number): Promise<void> => {
    if (!sum || (await value(sum)) === 0) return
    const at = index === 0 ? 'at the start' : `after step ${index} of ${steps}`
    throw expected(where, 'x to stay finite', `NaN or infinity ${at}, at time ${times[index]}`)
  }
  const breathe = breather()
  // Pages that compile no steps do not load what does.
  const engine = compile ? (await import('./compiled-engine')).compiled(compile) : eager
  let x = start()
  let state: unknown
  /** Of steps that are not computed yet, or not checked. */
  let zeros: readonly Tensor[] = []
  try {
    await check(finite ? zeroSum(x) : undefined, 0)
    yield { x, t: times[0]!, index: 0, evaluations: 0, stats: {} }
    for (let index = 0; index < steps; index++) {
      const [t, s] = [times[index]!, times[index + 1]!]
      const context = contextOf(problem, { x, key: foldIn(stepKey, index), normal, counts, engine })
      const step = { x, t, s, state, index, times }
      const whole = advance(where, sampler, context, step, { denoise, finite, zeros })
      const ends = watched || index === steps - 1 || (index + 1) % engine.together === 0
      const { stats: figures, ...next } = await drive(
        ends ? engine.finish(whole) : whole,
        perform,
        engine.within,
      )
      release([x, state, zeros], [next.x, next.state, next.zeros])
      x = next.x
      state = next.state
      zeros = next.zeros
      if (!ends) {
        dispose(figures)
        continue
      }
      const stats = await statsOf(figures)
      const { evaluations } = counts
      for (const [i, zero] of zeros.entries()) await check(zero, index + 2 - zeros.length + i)
      zeros = []
      onProgress?.({ index: index + 1, steps, t: s, evaluations, stats })
      await breathe()
      signal?.throwIfAborted()
      yield { x, t: s, index: index + 1, evaluations, stats }
    }
  } finally {
    dispose([x, state, zeros])
    await engine.dispose()
  }
}

interface Advanced extends Stepped {
  /** 0 where x is finite, after steps that are yet to be checked and, if that is asked, after this one. */
  readonly zeros: readonly Tensor[]
}

/** A step of the sampler; the last one ends the run. */
function* advance<P extends Process | undefined>(
  where: string,
  sampler: Sampler<P>,
  context: Context<P>,
  step: Step,
  {
    denoise,
    finite,
    zeros,
  }: { readonly denoise: Plan['denoise']; readonly finite: boolean; readonly zeros: readonly Tensor[] },
): Steps<Advanced> {
  const left = yield* stepped(where, sampler, context, step)
  const isLast = step.index === step.times.length - 2
  const x = isLast ? yield* denoised(sampler, context, step.s, left, denoise) : left.x
  const { mean, ...next } = left
  return { ...next, x, zeros: finite ? [...zeros, zeroSum(x)] : [] }
}

/** How x ends. */
function* denoised<P extends Process | undefined>(
  { name }: Sampler<P>,
  { process, score }: Context<P>,
  time: number,
  { x, mean }: Stepped,
  denoise: Plan['denoise'],
): Steps<Tensor> {
  if (denoise === 'none') return x
  if (denoise === 'mean') return mean ?? x
  if (!isLinear(process)) throw expected(name, 'a process with marginals', 'one without')
  return posteriorMean(process, x, time, yield* score(x, time))
}

/** 0 where every entry is finite: 0 · NaN and 0 · ∞ are NaN, and no sum of zeros is. */
function zeroSum(x: Tensor): Tensor {
  return tidy(() => sum(mul(x, 0)))
}

/** The value of a scalar, which is freed. */
async function value(x: Tensor): Promise<number> {
  try {
    return await item(x)
  } finally {
    dispose(x)
  }
}

/** The figures of a step as numbers. */
async function statsOf(figures: Stepped['stats'] = {}): Promise<Stats> {
  const stats: Record<string, number> = {}
  for (const [name, figure] of Object.entries(figures)) {
    stats[name] = typeof figure === 'number' ? figure : await value(figure)
  }
  return stats
}

/** Frees the tensors of `old` that are not in `kept`. */
function release(old: unknown, kept: unknown): void {
  const alive = new Set(tensorsIn(kept))
  dispose(tensorsIn(old).filter((x) => !alive.has(x)))
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
