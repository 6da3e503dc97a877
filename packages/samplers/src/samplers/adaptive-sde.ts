import {
  abs,
  alignRows,
  dispose,
  div,
  expected,
  foldIn,
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
import { brownianPaths } from '../driver/brownian'
import { positive } from '../driver/check'
import { combine } from '../driver/combine'
import { evaluate } from '../driver/evaluate'
import { backward } from '../driver/time'
import type { Problem, Sampler } from '../types'

/** Options of {@link adaptiveSde}. */
export interface AdaptiveSdeOptions {
  /** Error allowed whatever the size of x, > 0, in the data's units. @default 0.0078, two grey levels of [-1, 1] */
  readonly absoluteTolerance?: number
  /** Error allowed in proportion to |x|, > 0. @default 0.02 */
  readonly relativeTolerance?: number
  /** First step, > 0, in parts of the run. @default 0.01 */
  readonly initialStep?: number
  /** Factor θ in (0, 1) on the step that the error suggests. @default 0.9 */
  readonly safety?: number
  /** Power r in [0.5, 1] of the error in the next step. @default 0.9 */
  readonly exponent?: number
}

/** Each row's next step, and the lower-order state it last accepted. */
export interface AdaptiveSdeState {
  readonly steps: Float64Array
  readonly previous: Tensor
}

/**
 * Steps the reverse-time SDE from t to s by as many steps of its own as each row of the batch needs.
 *
 * x′ is Euler–Maruyama's, x″ = ½(x′ + x_t + h a(x′, t − h) + g(t − h) Δw) its extrapolation by the same noise Δw, and
 * E = ‖(x′ − x″)/δ‖/√d with δ = max(ε_abs, ε_rel max(|x′|, |x′_previous|)). Accepts x″ if E <= 1; then
 * h ← h min(2, θ E^{−r}).
 *
 * E counts to an eighth of an octave, so that engines, which round differently, take the same steps and give the same samples to
 * rounding, but for some rows in a thousand whose E lies between two eighths.
 *
 * Rows have times and steps of their own, so samples do not depend on the batch. Two evaluations an iteration, of the
 * whole batch until its last row is done. A rejected step keeps the Brownian path it has seen; the published algorithm
 * draws afresh, which selects the noise that opposes the drift and in few dimensions widens the samples. Reports `stats.iterations` and `stats.rejected`, a share.
 *
 * Reference: Jolicoeur-Martineau et al. 2021, "Gotta go fast when generating data with score-based models",
 * algorithm 1.
 *
 * @throws RangeError when an option is out of its range; while stepping, when the error is not finite or a step
 * underflows.
 */
export function adaptiveSde({
  absoluteTolerance = 0.0078,
  relativeTolerance = 0.02,
  initialStep = 0.01,
  safety = 0.9,
  exponent = 0.9,
}: AdaptiveSdeOptions = {}): Sampler<AdaptiveSdeState | undefined> {
  positive('adaptiveSde', { absoluteTolerance, relativeTolerance, initialStep })
  if (!(safety > 0 && safety < 1)) throw expected('adaptiveSde', 'safety in (0, 1)', safety)
  if (!(exponent >= 0.5 && exponent <= 1)) throw expected('adaptiveSde', 'exponent in [0.5, 1]', exponent)
  const tolerance = { absoluteTolerance, relativeTolerance }
  return {
    name: 'adaptive-sde',
    order: 2,
    defaults: { steps: 1 },
    init: () => undefined,
    step: (problem, { x, t, s, key, normal, state, times }) =>
      scoped(async (own) => {
        backward('adaptiveSde', t, s)
        const whole = times[0]! - times.at(-1)!
        const rows = x.shape[0]!
        const steps = state?.steps.slice() ?? new Float64Array(rows).fill(initialStep * whole)
        const time = new Float64Array(rows).fill(t)
        let at: Attempt = { x, previous: state?.previous ?? x, errors: new Float32Array(rows) }
        const paths = brownianPaths(rows, x.size / rows)
        let [iterations, tried, rejected] = [0, 0, 0]
        while (time.some((now) => now > s)) {
          const to = time.map((now, i) => Math.max(now - steps[i]!, s))
          const fresh = own(normal(foldIn(key, iterations), x.shape))
          const noise = own(tensor(paths.advance(time, to, await fresh.data()), x.shape))
          const last = at
          at = await attempt(problem, at, time, to, noise, tolerance)
          own([at.x, at.previous])
          dispose([fresh, noise])
          if (iterations > 0) dispose([last.x, last.previous])
          for (let i = 0; i < rows; i++) {
            const h = time[i]! - to[i]!
            if (h === 0) continue
            if (!Number.isFinite(at.errors[i]!)) throw expected('adaptiveSde', 'a finite error', at.errors[i])
            const error = coarse(at.errors[i]!)
            const next = h * Math.min(MOST_GROWTH, safety * error ** -exponent)
            tried++
            if (error <= 1) {
              steps[i] = to[i] === s ? Math.max(steps[i]!, next) : next
              time[i] = to[i]!
            } else {
              rejected++
              paths.reject(i)
              steps[i] = next
              if (next < 1e-9 * whole) throw expected('adaptiveSde', 'steps that do not vanish', next)
            }
          }
          iterations++
        }
        return {
          x: at.x,
          state: { steps, previous: at.previous },
          stats: { iterations, rejected: rejected / Math.max(1, tried) },
        }
      }),
  }
}

/**
 * In few dimensions x′ and x″ are now and then near each other by chance, however long the step: without a bound one such
 * chance makes the next step the whole run.
 */
const MOST_GROWTH = 2

/**
 * An error to an eighth of an octave: engines round E differently, and steps that followed its last digits would be other
 * steps on each of them.
 */
function coarse(error: number): number {
  return 2 ** (Math.round(8 * Math.log2(Math.max(error, 1e-12))) / 8)
}

interface Attempt {
  readonly x: Tensor
  readonly previous: Tensor
  readonly errors: ArrayLike<number>
}

/** One step of every row from its time to its next by its Brownian increment; rows whose error is above 1 stay. */
function attempt(
  { process, ...problem }: Problem,
  { x, previous }: Attempt,
  from: Float64Array,
  to: Float64Array,
  noise: Tensor,
  {
    absoluteTolerance,
    relativeTolerance,
  }: Required<Pick<AdaptiveSdeOptions, 'absoluteTolerance' | 'relativeTolerance'>>,
): Promise<Attempt> {
  const perRow = (f: (from: number, to: number) => number): Tensor =>
    alignRows(tensor(Float32Array.from(from, (t, i) => f(t, to[i]!))), x)
  return scoped(async (own) => {
    const score = own(await evaluate(problem, x, own(tensor(Float32Array.from(from)))))
    const first = own(
      tidy(() =>
        combine(
          [perRow((t, s) => 1 - (t - s) * process.drift(t)), x],
          [perRow((t, s) => (t - s) * process.diffusion(t) ** 2), score],
          [perRow((t) => process.diffusion(t)), noise],
        ),
      ),
    )
    const second = own(await evaluate(problem, first, own(tensor(Float32Array.from(to)))))
    const better = own(
      tidy(() =>
        combine(
          [0.5, x],
          [perRow((t, s) => 0.5 * (1 - (t - s) * process.drift(s))), first],
          [perRow((t, s) => 0.5 * (t - s) * process.diffusion(s) ** 2), second],
          [perRow((_, s) => 0.5 * process.diffusion(s)), noise],
        ),
      ),
    )
    const errors = own(
      tidy(() => {
        const size = mul(maximum(abs(first), abs(previous)), relativeTolerance)
        const ratio = div(sub(first, better), maximum(size, absoluteTolerance))
        return sqrt(mul(sumRows(square(ratio)), x.shape[0]! / x.size))
      }),
    )
    const host = await errors.data()
    const accepted = Float32Array.from(host, (error, i) => (from[i]! > to[i]! && error <= 1 ? 1 : 0))
    return {
      ...tidy(() => {
        const take = greater(alignRows(tensor(accepted), x), 0)
        return { x: where(take, better, x), previous: where(take, first, previous) }
      }),
      errors: host,
    }
  })
}
