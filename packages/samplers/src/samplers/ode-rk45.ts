import { alignRows, scoped, tensor, tidy } from '@sgm/tensor'
import { integrateRows, type Velocity } from '../driver/adaptive-ode'
import { positive } from '../driver/check'
import { combine } from '../driver/combine'
import { evaluate } from '../driver/evaluate'
import type { Problem, Sampler } from '../types'

/** Options of {@link odeRk45}. */
export interface OdeRk45Options {
  /** Error allowed in proportion to |x|, > 0. @default 1e-5 */
  readonly relativeTolerance?: number
  /** Error allowed whatever the size of x, > 0, in the data's units. @default 1e-5 */
  readonly absoluteTolerance?: number
}

/** Each row's next step. */
export interface OdeRk45State {
  readonly steps: Float64Array
}

/**
 * Solves the probability-flow ODE from t to s, in either direction of time, by the pair of Dormand and Prince
 * with steps that keep the error within the tolerances.
 *
 * dx/dt = f x − ½ g² s
 *
 * Order 5. Rows have times and steps of their own, so samples do not depend on the batch; an evaluation is of
 * the whole batch, and rejected steps count. Steps carry over from one grid time to the next. Float32
 * arithmetic makes tolerances much below 1e-6 useless. Reports `stats.iterations` and `stats.rejected`, a
 * share.
 *
 * Reference: Song et al. 2021, "Score-based generative modeling through SDEs", equation 13 and §D.4; Dormand
 * and Prince 1980.
 *
 * @throws RangeError when an option is out of its range; while stepping, when the score is not finite.
 */
export function odeRk45({
  relativeTolerance = 1e-5,
  absoluteTolerance = 1e-5,
}: OdeRk45Options = {}): Sampler<OdeRk45State | undefined> {
  positive('odeRk45', { relativeTolerance, absoluteTolerance })
  const tolerance = { relative: relativeTolerance, absolute: absoluteTolerance }
  return {
    name: 'ode-rk45',
    order: 5,
    defaults: { steps: 1 },
    init: () => undefined,
    async step(problem, { x, t, s, state }) {
      const { iterations, tried, rejected, ...end } = await integrateRows(
        'odeRk45',
        probabilityFlow(problem),
        x,
        [t, s],
        tolerance,
        state?.steps,
      )
      return {
        x: end.x,
        state: { steps: end.steps },
        stats: { iterations, rejected: rejected / Math.max(1, tried) },
      }
    },
  }
}

/** The velocity of the probability-flow ODE at one time a row. */
export function probabilityFlow({ process, score }: Problem): Velocity {
  return (x, times) =>
    scoped(async (own) => {
      const value = own(await evaluate({ score }, x, own(tensor(Float32Array.from(times)))))
      return tidy(() => {
        const perRow = (f: (t: number) => number) => alignRows(tensor(Float32Array.from(times, f)), x)
        return combine(
          [perRow((t) => process.drift(t)), x],
          [perRow((t) => -0.5 * process.diffusion(t) ** 2), value],
        )
      })
    })
}
