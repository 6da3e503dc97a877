import type { LinearSDE } from '@sgm/sde'
import { expected, type Key, type Shape, split, type Tensor } from '@sgm/tensor'
import type { Denoise, Grid, NormalNoise, Problem, Sampler, Stats } from '../types'

/** Where a run stands, as {@link RunOptions.onProgress} gets it. */
export interface Progress {
  /** Steps done. */
  readonly index: number
  /** Steps in all. */
  readonly steps: number
  readonly t: number
  /** Score evaluations so far, those of rejected steps included. */
  readonly evaluations: number
  readonly stats: Stats
}

/** Options of a run. */
export interface RunOptions<Process = LinearSDE> {
  /** Source of all randomness: the same key gives the same samples at any batch size. */
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
  readonly times?: readonly number[] | Grid<Process>
  /** How the run ends. @default what the sampler declares, else `'mean'` */
  readonly denoise?: Denoise
  /**
   * Where steps draw their normal numbers from: recorded noise, noise of another library, a Brownian path. Called once a
   * draw, with the draw's key and the shape of x. @default keyed draws, row i of which depends on the key and i only
   */
  readonly normal?: NormalNoise
  /** Stops the run, within a step and while a score is pending too, by throwing the signal's reason. */
  readonly signal?: AbortSignal
  /** Throw at the first step after which x is not finite; it costs reading one number a step. @default true */
  readonly finite?: boolean
  /** Called after every step. */
  readonly onProgress?: (progress: Progress) => void
}

/** A run with every default filled in and checked. */
export interface Plan {
  /** The function that runs, for its errors. */
  readonly where: string
  readonly times: readonly number[]
  readonly denoise: Denoise
  readonly startKey: Key
  readonly stepKey: Key
}

/** The times evenly spaced from `start` to `end`. */
const uniformGrid: Grid<unknown> = (_, { steps, start, end }) =>
  Array.from({ length: steps + 1 }, (_, i) => (i === steps ? end : start + ((end - start) * i) / steps))

/** Fills in the defaults of a run and checks it, before any work starts. */
export function plan<Process>(
  where: string,
  problem: Problem<Process>,
  sampler: Sampler<never, Process>,
  options: RunOptions<Process>,
): Plan {
  const { key, x, shape, denoise = sampler.defaults?.denoise ?? 'mean' } = options
  if (!key?.words) throw expected(where, 'options.key made by key(seed)', key)
  if ((x === undefined) === (shape === undefined)) {
    throw expected(where, 'options.x or options.shape, one of them', x === undefined ? 'neither' : 'both')
  }
  const size = x?.shape ?? shape!
  if (size.length === 0 || !size.every((n) => Number.isInteger(n) && n > 0)) {
    throw expected(where, 'a shape [B, ...D] of integers >= 1', [...size])
  }
  if (x !== undefined && x.dtype !== 'float32') throw expected(where, 'x to be float32', x.dtype)
  if (!['none', 'mean', 'tweedie'].includes(denoise)) {
    throw expected(where, "denoise to be 'none', 'mean' or 'tweedie'", denoise)
  }
  const process = problem.process as Partial<LinearSDE> | undefined
  if (denoise === 'tweedie' && !process?.marginal) {
    throw expected(where, "a process with marginals for denoise: 'tweedie'", 'one without')
  }
  const times = timesOf(where, problem.process, sampler, options)
  const fromPrior =
    (options.start === undefined && options.times === undefined) || times[0] === process?.interval?.[1]
  if (shape !== undefined && !(process?.prior && fromPrior)) {
    throw expected(where, 'options.x for a run that does not start at the prior of a process', 'a shape')
  }
  const [startKey, stepKey] = split(key)
  return { where, times, denoise, startKey, stepKey }
}

function timesOf<Process>(
  where: string,
  process: Process,
  { defaults }: Sampler<never, Process>,
  options: RunOptions<Process>,
): readonly number[] {
  const known = process as Partial<LinearSDE> | undefined
  const {
    steps = defaults?.steps ?? 500,
    start = known?.interval?.[1] ?? 0,
    end = known?.cutOffs?.sample ?? known?.interval?.[0] ?? 0,
    times = defaults?.grid ?? (known?.grid as Grid<Process> | undefined) ?? uniformGrid,
  } = options
  if (!Number.isInteger(steps) || steps < 1) throw expected(where, 'steps to be an integer >= 1', steps)
  if (!Number.isFinite(start)) throw expected(where, 'start to be finite', start)
  if (!Number.isFinite(end)) throw expected(where, 'end to be finite', end)
  const grid = typeof times === 'function' ? times(process, { steps, start, end }) : times
  if (grid.length < 2) throw expected(where, 'at least two times', `${grid.length}`)
  if (!grid.every(Number.isFinite)) throw expected(where, 'finite times', [...grid])
  const direction = Math.sign(grid.at(-1)! - grid[0]!)
  const stray = grid.findIndex((t, i) => i > 0 && ![0, direction].includes(Math.sign(t - grid[i - 1]!)))
  if (stray > 0) {
    throw expected(where, 'times that rise or fall throughout', `${grid[stray - 1]} then ${grid[stray]}`)
  }
  return grid
}
