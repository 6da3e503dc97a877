import {
  abs,
  add,
  alignRows,
  concat,
  div,
  expected,
  gather,
  lessEqual,
  maximum,
  mul,
  sub,
  type Tensor,
  tensor,
  tidy,
  where,
  zeros,
} from '@sgm/tensor'
import { read, repeat, type Steps, scope } from '../run/steps'
import { combine } from './combine'
import { dormandPrince } from './dormand-prince'
import { perRow, rowNorm, rowSteps } from './row-steps'
import type { Tolerances } from './tolerance'

/**
 * dx/dt at one time a row: x `[B, ...D]`, times (B of them) → `[B, ...D]`.
 *
 * @param rows Which rows of the batch are asked about, where it is not all of them.
 */
export type Velocity = (x: Tensor, times: Float64Array, rows?: Int32Array) => Steps<Tensor>

/** How {@link integrateRows} goes about it. */
export interface IntegrateRowsOptions {
  /** First steps; without them they cost one velocity more (Hairer et al. 1993, §II.4). */
  readonly sizes?: Float64Array | undefined
  /** Whether the velocity is asked about the rows that are still on their way alone. @default false */
  readonly dropFinished?: boolean
}

/** How an integration ended. */
export interface Integrated {
  readonly x: Tensor
  /** The size of each row's next step. */
  readonly sizes: Float64Array
  readonly stats: { readonly iterations: number; readonly rejected: number }
}

/**
 * Integrates dx/dt from t to s, every row by steps of its own, so that a row's result does not depend on the
 * batch: the fifth-order result of Dormand and Prince where the root mean square of its error over tolerance,
 * absolute + relative · |x|, is at most 1.
 *
 * @throws RangeError when the error is not finite or a step underflows.
 */
export function* integrateRows(
  name: string,
  velocity: Velocity,
  start: Tensor,
  [t, s]: readonly [number, number],
  tolerance: Tolerances,
  { sizes, dropFinished = false }: IntegrateRowsOptions = {},
): Steps<Integrated> {
  const slope = yield* velocity(start, new Float64Array(start.shape[0]!).fill(t))
  const first = sizes ?? (yield* firstSizes(name, velocity, start, slope, [t, s], tolerance))
  const rows = rowSteps(name, [t, s], first, {
    factor: (error, afterRejection) =>
      Math.min(afterRejection ? 1 : 10, Math.max(0.2, 0.9 * Math.max(error, 1e-10) ** -0.2)),
    smallest: 1e-12 * Math.abs(s - t),
  })
  const end = yield* repeat({ x: start, slope }, rows.running, function* (state) {
    const ends = rows.ends()
    const moving = dropFinished ? movingRows(rows.time, ends) : undefined
    const { errors, ...next } = yield* scope(() =>
      moving && moving.length < ends.length
        ? attemptSome(moving, velocity, state, rows.time, ends, tolerance)
        : attempt(velocity, state, rows.time, ends, tolerance),
    )
    rows.settle(ends, yield* read(errors))
    return next
  })
  return { x: end.x, sizes: rows.sizes, stats: rows.stats() }
}

/** Where the rows are, and how fast they move. */
interface State {
  readonly x: Tensor
  readonly slope: Tensor
}

/** A state, and the size of each row's error over tolerance, `[B]`. */
interface Attempt extends State {
  readonly errors: Tensor
}

const movingRows = (time: Float64Array, ends: Float64Array): Int32Array =>
  Int32Array.from(ends.keys()).filter((i) => ends[i] !== time[i])

/** {@link attempt} of some of the rows; the others stay, with an error of 0. */
function* attemptSome(
  moving: Int32Array,
  velocity: Velocity,
  state: State,
  time: Float64Array,
  ends: Float64Array,
  tolerance: Tolerances,
): Steps<Attempt> {
  const some = (all: Float64Array): Float64Array => Float64Array.from(moving, (row) => all[row]!)
  const picked = (x: Tensor): Tensor => gather(x, tensor(moving, [moving.length], 'int32'))
  const tried = yield* attempt(
    (x, times) => velocity(x, times, moving),
    { x: picked(state.x), slope: picked(state.slope) },
    some(time),
    some(ends),
    tolerance,
  )
  const from = Int32Array.from(time.keys())
  moving.forEach((row, i) => {
    from[row] = time.length + i
  })
  const put = (all: Tensor, some: Tensor): Tensor =>
    gather(concat([all, some], 0), tensor(from, [from.length], 'int32'))
  return {
    x: put(state.x, tried.x),
    slope: put(state.slope, tried.slope),
    errors: put(zeros([time.length]), tried.errors),
  }
}

/** One step of each row, the slope at its end, and its error; rows whose error is more than 1 stay. */
function* attempt(
  velocity: Velocity,
  { x, slope }: State,
  time: Float64Array,
  ends: Float64Array,
  tolerance: Tolerances,
): Steps<Attempt> {
  const { c, a, error } = dormandPrince()
  const h = ends.map((end, i) => end - time[i]!)
  const length = perRow(h, x)
  const stages = [slope]
  const weighted = (weights: readonly number[]): Tensor =>
    tidy(() => mul(combine(...weights.map((weight, j) => [weight, stages[j]!] as const)), length))
  let end = x
  for (const [i, row] of a.entries()) {
    end = add(x, weighted(row))
    stages.push(yield* velocity(end, time.map((t, k) => t + c[i]! * h[k]!))) // biome-ignore format: a stage
  }
  const errors = tidy(() => rowNorm(div(weighted(error), scaleOf(maximum(abs(x), abs(end)), tolerance))))
  const moved = lessEqual(errors, 1)
  const pick = (a: Tensor, b: Tensor): Tensor => tidy(() => where(alignRows(moved, a), a, b))
  return { x: pick(end, x), slope: pick(stages.at(-1)!, slope), errors }
}

/** Steps whose first two terms of the Taylor series promise an error of a hundredth of the tolerance. */
function* firstSizes(
  name: string,
  velocity: Velocity,
  x: Tensor,
  slope: Tensor,
  [t, s]: readonly [number, number],
  tolerance: Tolerances,
): Steps<Float64Array> {
  const norm = (y: Tensor): Tensor => tidy(() => rowNorm(div(y, scaleOf(abs(x), tolerance))))
  const norms = [norm(x), norm(slope)] as const
  const [size, speed] = [yield* read(norms[0]), yield* read(norms[1])]
  if (![...size, ...speed].every(Number.isFinite))
    throw expected(name, 'a finite velocity', `NaN or infinity at time ${t}`)
  const span = Math.abs(s - t)
  const trial = Float64Array.from(size, (d0, i) => {
    const guess = d0 < 1e-5 || speed[i]! < 1e-5 ? 1e-6 : (0.01 * d0) / speed[i]!
    return Math.min(guess, span)
  })
  const ahead = trial.map((h) => Math.sign(s - t) * h)
  const moved = add(x, mul(slope, perRow(ahead, x)))
  const later = yield* velocity(moved, ahead.map((h) => t + h)) // biome-ignore format: a call
  const bend = yield* read(norm(sub(later, slope)))
  return trial.map((h, i) => {
    const most = Math.max(speed[i]!, bend[i]! / h)
    const guess = most <= 1e-15 ? Math.max(1e-6, h * 1e-3) : (0.01 / most) ** 0.2
    return Math.min(100 * h, guess, span)
  })
}

function scaleOf(size: Tensor, { absolute, relative }: Tolerances): Tensor {
  return add(mul(size, relative), absolute)
}
