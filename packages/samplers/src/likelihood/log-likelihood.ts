import type { ScoreFunction } from '@sgm/score'
import { checkLinearSde, type LinearSDE } from '@sgm/sde'
import {
  add,
  alignRows,
  compile,
  concat,
  type Executor,
  expected,
  expectedType,
  gather,
  type Key,
  mul,
  type Progress,
  rademacher,
  reshape,
  slice,
  type Tensor,
  tensor,
  zeros,
} from '@sgm/tensor'
import {
  checkFinite,
  checkFlags,
  checkFloats,
  checkKeys,
  checkLongCall,
  checkMethods,
  checkOneOf,
  objectOf,
  optionsOf,
} from '@sgm/tensor/check'
import { combine } from '../numerics/combine'
import { integrateRows, type Velocity } from '../numerics/integrate-rows'
import { type Tolerance, tolerancesOf } from '../numerics/tolerance'
import { checkedValue } from '../run/checked-value'
import { drive, type Steps, wait } from '../run/steps'
import { exactDivergence, hutchinsonDivergence, type ScoreDivergence } from './score-divergence'
import { type UnitFlowPoint, unitFlow } from './unit-flow'

/** Options of {@link logLikelihood}. */
export interface LogLikelihoodOptions {
  /**
   * How the divergence of the score is found: exactly (d gradients an evaluation), by Hutchinson's estimate
   * with one fixed Rademacher probe a row (1 gradient; unbiased), or by a function of your own, such as a
   * compiled {@link hutchinsonDivergence}.
   *
   * @default 'exact' up to 16 dimensions, 'hutchinson' above
   */
  readonly divergence?: 'exact' | 'hutchinson' | ScoreDivergence
  /** Source of the probe; needed unless the divergence is exact. */
  readonly key?: Key
  /** Time of the data. @default `process.cutOffs.likelihood` */
  readonly start?: number
  /** Error allowed of the state x/√(α² + σ²) and of the integral of the trace, > 0. @default 1e-5 */
  readonly tolerance?: Tolerance
  /**
   * Whether rows leave the batch once they have come to the end, so that the score and its divergence are asked about the others alone: of rows
   * that differ, that spares a tenth of the work and more. For functions that take any rows, not those that hold a condition for each.
   *
   * @default false
   */
  readonly dropFinished?: boolean
  /**
   * Traces the score and its divergence as one function and runs it natively: `onnx()` of `@sgm/backend-onnx`. The score stays an
   * ordinary one, which can be differentiated. @default none
   */
  readonly compile?: Executor
  /** Stops the run by throwing the signal's reason. */
  readonly signal?: AbortSignal
  /** Called after every evaluation of the score and its divergence. */
  readonly onProgress?: (progress: LikelihoodProgress) => void
}

/** How far {@link logLikelihood} is. */
export interface LikelihoodProgress extends Progress {
  /** Hundredths of the way that the slowest row has gone, even in arsinh 2σ/α, from 0 to 100. */
  readonly index: number
  /** 100 */
  readonly steps: number
  /** Evaluations so far, those of rejected steps included. */
  readonly evaluations: number
}

/** What {@link logLikelihood} finds; the tensors are the caller's to free. */
export interface LogLikelihood {
  /** ln p₀(x) in nats: `[B]`. */
  readonly logDensity: Tensor
  /** The code of x: where the flow takes it at the end of the process, `[B, ...D]`. */
  readonly latent: Tensor
  /** Evaluations of the score and its divergence, of the whole batch at once, or what is left of it. */
  readonly evaluations: number
}

/**
 * The log-density of data under the probability-flow ODE of a score.
 *
 * ln p₀(x) = ln p_T(x_T) + ∫₀ᵀ ∇·v dt along dx/dt = v = f x − ½ g² s, solved with the trace by the pair of
 * Dormand and Prince; row by row, so that a result does not depend on the batch. The solver steps in arsinh 2σ/α, on
 * y = x/√(α² + σ²), where the flow is slow; ln p₀(x) differs from that of y by d ln of the scale, exactly.
 *
 * Reference: Song et al. 2021, "Score-based generative modeling through SDEs", equation 39; Grathwohl et al.
 * 2019, FFJORD.
 *
 * @param problem Its score must be synchronous unless `divergence` is a function: a compiled one cannot be differentiated, and the option
 * `compile` compiles it together with its divergence.
 * @param x `[B, ...D]`; not freed.
 * @throws RangeError when an option is out of its range.
 * @throws TypeError when the score is asynchronous.
 * @example
 * const process = vp()
 * const { score, sample } = gaussianMixture().diffused(process)
 * const data = sample(key(0), 8, 0)
 * const { logDensity } = await logLikelihood({ process, score }, data, {
 *   tolerance: 1e-3,
 * })
 * logDensity.shape // → [8]
 */
export async function logLikelihood(
  problem: { readonly process: LinearSDE; readonly score?: unknown },
  x: Tensor,
  options: LogLikelihoodOptions = {},
): Promise<LogLikelihood> {
  const { process, score } = objectOf('logLikelihood', problem, 'a problem')
  checkLinearSde('logLikelihood', process)
  checkFloats('logLikelihood', { x })
  const {
    divergence,
    key,
    start = process.cutOffs.likelihood,
    tolerance = 1e-5,
    dropFinished = false,
    compile: executor,
    signal,
    onProgress,
  } = optionsOf('logLikelihood', options, {
    divergence: true,
    key: true,
    start: true,
    tolerance: true,
    dropFinished: true,
    compile: true,
    signal: true,
    onProgress: true,
  })
  checkLongCall('logLikelihood', options)
  checkFlags('logLikelihood', { dropFinished })
  if (executor !== undefined) checkMethods('logLikelihood', { 'options.compile': executor }, 'load')
  const allowed = tolerancesOf('logLikelihood', tolerance)
  if (x.shape.length < 1 || x.size === 0)
    throw expected('logLikelihood', 'x of shape [B, ...D]', [...x.shape])
  const end = process.interval[1]
  checkFinite('logLikelihood', { start })
  if (!(start >= process.interval[0] && start < end)) {
    throw expected('logLikelihood', `start in [${process.interval[0]}, ${end})`, start)
  }
  const [rows, dims] = [x.shape[0]!, x.size / x.shape[0]!]
  if (typeof divergence !== 'function') {
    checkOneOf('logLikelihood', { divergence }, ['exact', 'hutchinson', undefined])
  }
  const kind = divergence ?? (dims <= 16 ? 'exact' : 'hutchinson')
  if (kind !== 'exact' && !key) throw expected('logLikelihood', 'options.key for the probe', 'none')
  if (key !== undefined) checkKeys('logLikelihood', { 'options.key': key })
  const plain = typeof kind === 'function' ? kind : differentiated(score, kind)
  const native =
    executor &&
    compile((x: Tensor, t: Tensor, probe: Tensor) => synchronously(plain(x, t, probe)), { executor })
  const both = native ?? plain
  const { span, first: step, at: pointAt } = unitFlow(process, [start, end])
  const [first, last] = [pointAt(span[0]), pointAt(span[1])]
  let [evaluations, gone] = [0, 0]

  /** The state is y and the integral of the trace, `[B, d + 1]`. */
  function* solve(): Steps<LogLikelihood> {
    const probe = key ? rademacher(key, x.shape) : zeros(x.shape)
    const velocity: Velocity = function* (state, times, left) {
      signal?.throwIfAborted()
      evaluations++
      const count = times.length
      const shape = [count, ...x.shape.slice(1)]
      const points = Array.from(times, pointAt)
      const column = (of: (point: UnitFlowPoint) => number): Tensor => tensor(points.map(of))
      const y = reshape(slice(state, [0, 0], [count, dims]), shape)
      const at = mul(
        y,
        alignRows(
          column(({ scale }) => scale),
          y,
        ),
      )
      const t = column(({ t }) => t)
      const asked = left ? gather(probe, tensor(left, [count], 'int32')) : probe
      const { score, divergence } = objectOf(
        'logLikelihood',
        yield* wait(() => both(at, t, asked)),
        DIVERGENCE,
      )
      checkedValue('logLikelihood', 'score', score, shape)
      checkedValue('logLikelihood', 'divergence', divergence, [count])
      const share = (Math.min(...times) - span[0]) / (span[1] - span[0])
      gone = Math.max(gone, Math.min(99, Math.floor(100 * share)))
      onProgress?.({ index: gone, steps: 100, evaluations })
      const onY = column(({ rate }) => rate)
      const onScore = column(({ rate, scale }) => rate * scale)
      const onTrace = column(({ rate, scale }) => rate * scale ** 2)
      const v = combine([alignRows(onY, y), y], [alignRows(onScore, y), score])
      const trace = combine([dims, onY], [onTrace, divergence])
      return concat([reshape(v, [count, dims]), reshape(trace, [count, 1])], 1)
    }
    const from = concat([reshape(mul(x, 1 / first.scale), [rows, dims]), zeros([rows, 1])], 1)
    const sizes = step === undefined ? undefined : new Float64Array(rows).fill(step)
    const how = { sizes, dropFinished }
    const { x: to } = yield* integrateRows('logLikelihood', velocity, from, span, allowed, how)
    const latent = reshape(mul(slice(to, [0, 0], [rows, dims]), last.scale), x.shape)
    const trace = reshape(slice(to, [0, dims], [rows, 1]), [rows])
    const change = add(trace, dims * Math.log(last.scale / first.scale))
    const prior = process.prior.logDensity(latent)
    checkedValue('logLikelihood', 'what process.prior.logDensity gives', prior, [rows])
    return { logDensity: add(prior, change), latent, evaluations }
  }
  try {
    const found = await drive(solve())
    onProgress?.({ index: 100, steps: 100, evaluations })
    return found
  } finally {
    await native?.dispose()
  }
}

const DIVERGENCE = 'a divergence to give { score, divergence }'

/** What can be traced. @throws TypeError of what can not. */
function synchronously<T extends object>(value: T | Promise<T>): T {
  if (value instanceof Promise)
    throw expectedType('logLikelihood', 'a synchronous divergence to compile', 'an asynchronous one')
  return value
}

function differentiated(score: unknown, kind: 'exact' | 'hutchinson'): ScoreDivergence {
  if (typeof score !== 'function') throw expectedType('logLikelihood', 'a score function', score)
  const synchronous: ScoreFunction = (x, t) => {
    const value = score(x, t)
    if (typeof value?.then === 'function') {
      throw expectedType(
        'logLikelihood',
        'a synchronous score (options.compile compiles it), or options.divergence',
        'an asynchronous one',
      )
    }
    return value
  }
  return kind === 'exact' ? exactDivergence(synchronous) : hutchinsonDivergence(synchronous)
}
