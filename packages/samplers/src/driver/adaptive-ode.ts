import {
  abs,
  add,
  alignRows,
  div,
  expected,
  greater,
  maximum,
  mul,
  scoped,
  sqrt,
  square,
  sub,
  sumRows,
  type Tensor,
  tensor,
  tidy,
  where,
} from '@sgm/tensor'
import { combine } from './combine'
import { dormandPrince } from './dormand-prince'

/** dx/dt at one time a row: x `[B, ...D]`, times (B of them) → `[B, ...D]`, the caller's to free. */
export type Velocity = (x: Tensor, times: Float64Array) => Promise<Tensor>

/** Error that {@link integrateRows} allows in each entry: absolute + relative · |x|. */
export interface Tolerance {
  readonly absolute: number
  readonly relative: number
}

/** How an integration ended. */
export interface Integrated {
  readonly x: Tensor
  /** Each row's next step, signed. */
  readonly steps: Float64Array
  readonly iterations: number
  /** Row steps tried, and those of them that were rejected. */
  readonly tried: number
  readonly rejected: number
}

const { c, a, error } = dormandPrince

/**
 * Integrates dx/dt from t to s, every row by steps of its own, so that a row's result does not depend on the
 * batch: the fifth-order result of Dormand and Prince where the root mean square of its error over tolerance
 * is at most 1.
 *
 * @param steps Signed first steps; without them they cost one velocity more (Hairer et al. 1993, §II.4).
 * @throws RangeError when the error is not finite or a step underflows.
 */
export function integrateRows(
  name: string,
  velocity: Velocity,
  x0: Tensor,
  [t, s]: readonly [number, number],
  tolerance: Tolerance,
  steps?: Float64Array,
): Promise<Integrated> {
  return scoped(async (own) => {
    const rows = x0.shape[0]!
    const time = new Float64Array(rows).fill(t)
    let x = x0
    let slope = own(await velocity(x, time))
    const next = steps?.slice() ?? (await firstSteps(name, velocity, x, slope, [t, s], tolerance))
    const mostGrowth = new Float64Array(rows).fill(10)
    let [iterations, tried, rejected] = [0, 0, 0]
    const ahead = (i: number): number => (s - time[i]!) * Math.sign(s - t)
    while (time.some((_, i) => ahead(i) > 0)) {
      const h = next.map((step, i) => (Math.abs(step) < ahead(i) ? step : s - time[i]!))
      const trial = await attempt(velocity, x, slope, time, h, tolerance)
      own([trial.x, trial.slope])
      const accepted = new Float32Array(rows)
      for (let i = 0; i < rows; i++) {
        if (h[i] === 0) continue
        const e = trial.errors[i]!
        if (!Number.isFinite(e)) throw notFinite(name)
        tried++
        const scaled = h[i]! * Math.min(mostGrowth[i]!, Math.max(0.2, 0.9 * Math.max(e, 1e-10) ** -0.2))
        mostGrowth[i] = e <= 1 ? 10 : 1
        if (e <= 1) {
          const last = h[i] === s - time[i]!
          time[i] = last ? s : time[i]! + h[i]!
          accepted[i] = 1
          if (!last || Math.abs(scaled) > Math.abs(next[i]!)) next[i] = scaled
        } else {
          rejected++
          next[i] = scaled
          if (Math.abs(scaled) < 1e-12 * Math.abs(s - t))
            throw expected(name, 'steps that do not vanish', scaled)
        }
      }
      const taken = tidy(() => {
        const take = greater(alignRows(tensor(accepted), x), 0)
        return { x: where(take, trial.x, x), slope: where(take, trial.slope, slope) }
      })
      own(taken)
      trial.x.dispose()
      trial.slope.dispose()
      slope.dispose()
      if (x !== x0) x.dispose()
      ;({ x, slope } = taken)
      iterations++
    }
    return { x: x === x0 ? tidy(() => mul(x0, 1)) : x, steps: next, iterations, tried, rejected }
  })
}

/** One step of each row by its h, the slope at its end, and the size of its error over tolerance. */
function attempt(
  velocity: Velocity,
  x: Tensor,
  slope: Tensor,
  time: Float64Array,
  h: Float64Array,
  tolerance: Tolerance,
): Promise<{ x: Tensor; slope: Tensor; errors: ArrayLike<number> }> {
  return scoped(async (own) => {
    const length = own(tidy(() => alignRows(tensor(Float32Array.from(h)), x)))
    const stages = [slope]
    let end = x
    for (const [i, row] of a.entries()) {
      end = own(
        tidy(() => add(x, mul(combine(...row.map((weight, j) => [weight, stages[j]!] as const)), length))),
      )
      stages.push(
        own(
          await velocity(
            end,
            time.map((t, k) => t + c[i]! * h[k]!),
          ),
        ),
      )
    }
    const errors = own(
      tidy(() => {
        const off = mul(combine(...error.map((weight, j) => [weight, stages[j]!] as const)), length)
        return rowNorm(div(off, scaleOf(maximum(abs(x), abs(end)), tolerance)))
      }),
    )
    return { x: end, slope: stages.at(-1)!, errors: (await errors.data()).slice() }
  })
}

/** A step whose first two terms of the Taylor series promise an error of a hundredth of the tolerance. */
function firstSteps(
  name: string,
  velocity: Velocity,
  x: Tensor,
  slope: Tensor,
  [t, s]: readonly [number, number],
  tolerance: Tolerance,
): Promise<Float64Array> {
  return scoped(async (own) => {
    const scale = own(tidy(() => scaleOf(abs(x), tolerance)))
    const norm = async (y: Tensor): Promise<ArrayLike<number>> =>
      (await own(tidy(() => rowNorm(div(y, scale)))).data()).slice()
    const [size, speed] = [await norm(x), await norm(slope)]
    if (![...Array.from(size), ...Array.from(speed)].every(Number.isFinite)) throw notFinite(name)
    const span = Math.abs(s - t)
    const trial = Float64Array.from(size, (d0, i) => {
      const guess = d0 < 1e-5 || speed[i]! < 1e-5 ? 1e-6 : (0.01 * d0) / speed[i]!
      return Math.sign(s - t) * Math.min(guess, span)
    })
    const moved = own(tidy(() => add(x, mul(slope, alignRows(tensor(Float32Array.from(trial)), x)))))
    const later = own(
      await velocity(
        moved,
        trial.map((h) => t + h),
      ),
    )
    const bend = await norm(own(tidy(() => sub(later, slope))))
    return trial.map((h, i) => {
      const most = Math.max(speed[i]!, bend[i]! / Math.abs(h))
      const guess = most <= 1e-15 ? Math.max(1e-6, Math.abs(h) * 1e-3) : (0.01 / most) ** 0.2
      return Math.sign(s - t) * Math.min(100 * Math.abs(h), guess, span)
    })
  })
}

function notFinite(name: string): RangeError {
  return expected(name, 'a finite velocity', 'NaN or infinity')
}

function scaleOf(size: Tensor, { absolute, relative }: Tolerance): Tensor {
  return add(mul(size, relative), absolute)
}

/** Root mean square of each row: `[B, ...D]` → `[B]`. */
function rowNorm(x: Tensor): Tensor {
  return sqrt(mul(sumRows(square(x)), x.shape[0]! / x.size))
}
