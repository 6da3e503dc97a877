import {
  checkItoSde,
  checkLinearSde,
  isLinear,
  type LinearSDE,
  type Process,
  spanOf,
  type TimeGrid,
  uniformGrid,
} from '@sgm/sde'
import {
  clone,
  type Executor,
  expected,
  fromNowOn,
  type Key,
  type Progress,
  type Shape,
  split,
  type Tensor,
} from '@sgm/tensor'
import {
  checkFinite,
  checkFlags,
  checkFloats,
  checkFunctions,
  checkIntegers,
  checkKeys,
  checkLists,
  checkLongCall,
  checkMethods,
  checkOneOf,
  checkSizes,
  objectOf,
  optionsOf,
} from '@sgm/tensor/check'
import type { Denoise, NormalNoise, Problem, Sampler, Stats } from '../types'
import { checkSampler, DENOISE } from './check-sampler'
import { checkedValue } from './checked-value'

/** Where a run stands, as {@link RunOptions.onProgress} gets it. */
export interface RunProgress extends Progress {
  readonly t: number
  /** Score evaluations so far, those of rejected steps included. */
  readonly evaluations: number
  readonly stats: Stats
}

/** Options of a run. */
export interface RunOptions<P = LinearSDE> {
  /**
   * Source of all randomness: the same key gives the same noise, and so the same samples, at any batch size. A compiled score may round a
   * sample by its batch: up to 10⁻⁶ of the largest value an evaluation.
   */
  readonly key: Key
  /** Shape `[B, ...D]` of a start drawn from the process's prior. Give this or `x`. */
  readonly shape?: Shape
  /** The start itself, `[B, ...D]`; it stays the caller's. Give this or `shape`. */
  readonly x?: Tensor
  /** Number of steps. @default what the sampler declares, else 500 */
  readonly steps?: number
  /** Time the run starts at. @default the end of the process's interval */
  readonly start?: number
  /** Time the run ends at. @default `process.cutOffs.sample` */
  readonly end?: number
  /** The times to visit, or what makes them of `steps`, `start` and `end`. @default what the sampler declares, else the process's own grid, else uniform */
  readonly times?: readonly number[] | TimeGrid<P>
  /** How the run ends. @default what the sampler declares, else `'mean'` */
  readonly denoise?: Denoise
  /**
   * Where steps draw their normal numbers from: recorded noise, noise of another library, a Brownian path. Called once a
   * draw, with the draw's key and the shape of x. @default keyed draws, row i of which depends on the key and i only
   */
  readonly normal?: NormalNoise
  /**
   * Runs each step whole, draws included, as one call of an executor such as `onnx()`; of a step that reads values on the way, as adaptive ones
   * do, the parts between. The score, and `logDensity`, must be plain functions of tensors, or compiled ones, which are traced anew. The
   * samples are those without it, to rounding. @default none: each operation by itself, on the current backend
   */
  readonly compile?: Executor
  /** Stops the run, within a step and while a score is pending too, by throwing the signal's reason. */
  readonly signal?: AbortSignal
  /** Throw at the first step after which x is not finite; it costs reading one number a step. @default true */
  readonly finite?: boolean
  /** Called after every step. */
  readonly onProgress?: (progress: RunProgress) => void
}

/** More steps than anybody waits for: the list of their times takes 128 MB. */
export const MOST_STEPS = 2 ** 24

/** Names of the options that every kind of run has. */
export const runNames = {
  key: true,
  x: true,
  steps: true,
  denoise: true,
  normal: true,
  compile: true,
  signal: true,
  finite: true,
  onProgress: true,
} as const

/** A run with every default filled in and checked. */
export interface Plan {
  /** The function that runs, for its errors. */
  readonly where: string
  readonly times: readonly number[]
  readonly denoise: Denoise
  readonly stepKey: Key
  /** Makes the x that the run starts at. */
  readonly start: () => Tensor
}

/** Fills in the defaults of a run and checks it, before any work starts. */
export function plan<P extends Process | undefined>(
  where: string,
  problem: Problem<P>,
  sampler: Sampler<P>,
  options: RunOptions<P>,
): Plan {
  const { process, score, logDensity } = objectOf(where, problem, 'a problem')
  checkFunctions(where, { 'problem.score': score })
  if (isLinear(process)) checkLinearSde(where, process)
  else if (process !== undefined) checkItoSde(where, process)
  if (logDensity !== undefined) checkFunctions(where, { 'problem.logDensity': logDensity })
  checkSampler(where, { sampler })
  const {
    key,
    x,
    shape,
    compile,
    normal,
    finite,
    denoise = sampler.defaults?.denoise ?? 'mean',
  } = optionsOf(where, options, {
    ...runNames,
    shape: true,
    start: true,
    end: true,
    times: true,
  })
  checkLongCall(where, options)
  if (compile !== undefined) checkMethods(where, { 'options.compile': compile }, 'load')
  checkKeys(where, { 'options.key': key })
  if (normal !== undefined) checkFunctions(where, { 'options.normal': normal })
  if (finite !== undefined) checkFlags(where, { 'options.finite': finite })
  if ((x === undefined) === (shape === undefined)) {
    throw expected(where, 'options.x or options.shape, one of them', x === undefined ? 'neither' : 'both')
  }
  if (x !== undefined) checkFloats(where, { x })
  else checkLists(where, { shape })
  const size = x?.shape ?? shape!
  if (size.length === 0 || !size.every((n) => Number.isInteger(n) && n > 0)) {
    throw expected(where, 'a shape [B, ...D] of integers >= 1', [...size])
  }
  checkSizes(where, size)
  checkOneOf(where, { denoise }, DENOISE)
  if (denoise === 'tweedie' && !isLinear(process)) {
    throw expected(where, "a process with marginals for denoise: 'tweedie'", 'one without')
  }
  const times = timesOf(where, process, sampler, options)
  const [startKey, stepKey] = split(key)
  return { where, times, denoise, stepKey, start: startOf(where, process, options, times[0]!, startKey) }
}

function startOf<P extends Process | undefined>(
  where: string,
  process: P,
  { x, shape, start, times }: RunOptions<P>,
  first: number,
  key: Key,
): () => Tensor {
  if (x) return () => clone(x)
  // a grid may start its runs elsewhere, as those of schedulers do
  const fromPrior = (start === undefined && !Array.isArray(times)) || first === spanOf(process).start
  if (!(isLinear(process) && fromPrior)) {
    throw expected(where, 'options.x for a run that does not start at the prior of a process', 'a shape')
  }
  return () => {
    const isNew = fromNowOn()
    const drawn = checkedValue(
      where,
      'what process.prior.sample gives',
      process.prior.sample(key, shape!),
      shape!,
    )
    return isNew(drawn) ? drawn : clone(drawn)
  }
}

function timesOf<P extends Process | undefined>(
  where: string,
  process: P,
  { name, backward, defaults }: Sampler<P>,
  options: RunOptions<P>,
): readonly number[] {
  const usual = spanOf(process)
  const { steps = defaults?.steps ?? 500, start = usual.start, end = usual.end } = options
  checkIntegers(where, { steps }, 1, MOST_STEPS)
  checkFinite(where, { start, end })
  const chosen = options.times ?? defaults?.grid ?? usualGrid
  const times = typeof chosen === 'function' ? chosen(process, { steps, start, end }) : chosen
  checkLists(where, { times })
  if (times.length < 2) throw expected(where, 'at least two times', `${times.length}`)
  if (!times.every(Number.isFinite)) throw expected(where, 'finite times', [...times])
  const direction = Math.sign(times.at(-1)! - times[0]!)
  const stray = times.findIndex((t, i) => i > 0 && ![0, direction].includes(Math.sign(t - times[i - 1]!)))
  if (stray > 0) {
    throw expected(where, 'times that rise or fall throughout', `${times[stray - 1]} then ${times[stray]}`)
  }
  if (backward && direction > 0) throw expected(name, 'times that fall', `${times[0]} to ${times.at(-1)}`)
  return times
}

/** The grid that the process names, else one evenly spaced. */
const usualGrid: TimeGrid<Process | undefined> = (process, span) =>
  isLinear(process) ? process.grid(process, span) : uniformGrid()(process, span)
