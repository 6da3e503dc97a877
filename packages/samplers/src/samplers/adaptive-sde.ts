import { type LinearSDE, type NumberSettings, reverseCoefficients } from '@sgm/sde'
import { abs, div, maximum, mul, sub, type Tensor, tensor, tidy } from '@sgm/tensor'
import { checkFinite, checkPositive, expected, optionsOf } from '@sgm/tensor/check'
import { brownianPaths } from '../numerics/brownian'
import { combine } from '../numerics/combine'
import { perRow, rowNorm, rowSteps, selectRows } from '../numerics/row-steps'
import { inGreyLevels, type Tolerance, type Tolerances, tolerancesOf } from '../numerics/tolerance'
import { repeat, type Steps } from '../run/steps'
import type { Context, Sampler } from '../types'

/** The number of {@link adaptiveSde} by which it is offered: the relative part of its tolerance. */
export const adaptiveSdeNumbers = {
  tolerance: { summary: 'tolerance of the adaptive solvers', default: 0.02, above: 0 },
} as const satisfies NumberSettings

/** Options of {@link adaptiveSde}. */
export interface AdaptiveSdeOptions {
  /** Error allowed, > 0. @default { absolute: 0.0078, relative: 0.02 }: two grey levels of [-1, 1], or 2 % of |x| */
  readonly tolerance?: Tolerance
  /** First step, > 0, in parts of the run. @default 0.01 */
  readonly initialStep?: number
  /** Factor θ in (0, 1) on the step that the error suggests. @default 0.9 */
  readonly safety?: number
  /** Power r in [0.5, 1] of the error in the next step. @default 0.9 */
  readonly exponent?: number
}

/** The size of each row's next step, and the lower-order state it last accepted. */
interface AdaptiveSdeState {
  readonly sizes: Float64Array
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
 * @throws TypeError when the options are no object. RangeError when an option is out of its range; while stepping, when the error is not finite or a step
 * underflows.
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const x = await sample({ process, score }, adaptiveSde({ tolerance: 0.05 }), {
 *   key: key(0),
 *   shape: [64, 2],
 * })
 */
export function adaptiveSde(options: AdaptiveSdeOptions = {}): Sampler<LinearSDE, AdaptiveSdeState> {
  const {
    tolerance = inGreyLevels(adaptiveSdeNumbers.tolerance.default),
    initialStep = 0.01,
    safety = 0.9,
    exponent = 0.9,
  } = optionsOf('adaptiveSde', options, { tolerance: true, initialStep: true, safety: true, exponent: true })
  const allowed = tolerancesOf('adaptiveSde', tolerance)
  checkPositive('adaptiveSde', { initialStep })
  checkFinite('adaptiveSde', { safety, exponent })
  if (!(safety > 0 && safety < 1)) throw expected('adaptiveSde', 'safety in (0, 1)', safety)
  if (!(exponent >= 0.5 && exponent <= 1)) throw expected('adaptiveSde', 'exponent in [0.5, 1]', exponent)
  return {
    name: 'adaptiveSde',
    order: 2,
    backward: true,
    defaults: { steps: 1 },
    *step(context, { x, t, s, state, times }) {
      const whole = times[0]! - times.at(-1)!
      const count = x.shape[0]!
      const sizes = state?.sizes ?? new Float64Array(count).fill(initialStep * whole)
      const rows = rowSteps('adaptiveSde', [t, s], sizes, {
        factor: (error) => Math.min(MOST_GROWTH, safety * coarse(error) ** -exponent),
        smallest: 1e-9 * whole,
      })
      const paths = brownianPaths(count, x.size / count)
      const start = { x, previous: state?.previous ?? x }
      const end = yield* repeat(start, rows.running, function* ({ x, previous }) {
        const [from, to] = [rows.time.slice(), rows.ends()]
        const path = paths.advance(from, to, yield* context.read(context.noise()))
        const { first, better } = yield* attempt(context, x, from, to, tensor(path, x.shape))
        const errors = yield* context.read(errorOf(first, better, previous, allowed))
        const moved = rows.settle(to, errors.map(coarse))
        for (let i = 0; i < count; i++) if (from[i] !== to[i] && !moved[i]) paths.reject(i)
        return { x: selectRows(moved, better, x), previous: selectRows(moved, first, previous) }
      })
      return { x: end.x, state: { sizes: rows.sizes, previous: end.previous }, stats: rows.stats() }
    },
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

/** Euler–Maruyama's step of every row from its time to its next by its Brownian increment, and its extrapolation. */
function* attempt(
  { process, score }: Context,
  x: Tensor,
  from: Float64Array,
  to: Float64Array,
  noise: Tensor,
): Steps<{ readonly first: Tensor; readonly better: Tensor }> {
  const h = to.map((s, i) => s - from[i]!)
  const coefficients = reverseCoefficients(process)
  const [before, after] = [from, to].map((times) => Array.from(times, coefficients))
  const each = (f: (h: number, i: number) => number): Tensor => perRow(h.map(f), x)
  const first = combine(
    [each((h, i) => 1 + h * before![i]!.onX), x],
    [each((h, i) => h * before![i]!.onScore), yield* score(x, tensor(Float32Array.from(from)))],
    [each((_, i) => before![i]!.noise), noise],
  )
  const better = combine(
    [0.5, x],
    [each((h, i) => 0.5 * (1 + h * after![i]!.onX)), first],
    [each((h, i) => 0.5 * h * after![i]!.onScore), yield* score(first, tensor(Float32Array.from(to)))],
    [each((_, i) => 0.5 * after![i]!.noise), noise],
  )
  return { first, better }
}

/** E of each row. */
function errorOf(
  first: Tensor,
  better: Tensor,
  previous: Tensor,
  { absolute, relative }: Tolerances,
): Tensor {
  return tidy(() => {
    const size = mul(maximum(abs(first), abs(previous)), relative)
    return rowNorm(div(sub(first, better), maximum(size, absolute)))
  })
}
