import { type LinearSDE, type NumberSettings, reverseCoefficients } from '@sgm/sde'
import { type Tensor, tensor } from '@sgm/tensor'
import { optionsOf } from '@sgm/tensor/check'
import { combine } from '../numerics/combine'
import { integrateRows } from '../numerics/integrate-rows'
import { perRow } from '../numerics/row-steps'
import { type Tolerance, tolerancesOf } from '../numerics/tolerance'
import type { Sampler } from '../types'

/** The number of {@link odeRk45}. */
export const odeRk45Numbers = {
  tolerance: { summary: 'tolerance of the adaptive solvers', default: 1e-5, above: 0 },
} as const satisfies NumberSettings

/** Options of {@link odeRk45}. */
export interface OdeRk45Options {
  /** Error allowed, > 0. @default 1e-5 */
  readonly tolerance?: Tolerance
}

/**
 * Solves the probability-flow ODE from t to s, in either direction of time, by the pair of Dormand and Prince
 * with steps that keep the error within the tolerance.
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
 * @throws TypeError when the options are no object. RangeError when an option is out of its range; while stepping, when the score is not finite.
 * @example
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const x = await sample({ process, score }, odeRk45({ tolerance: 1e-4 }), {
 *   key: key(0),
 *   shape: [64, 2],
 * })
 */
export function odeRk45(options: OdeRk45Options = {}): Sampler<LinearSDE, Float64Array> {
  const { tolerance = odeRk45Numbers.tolerance.default } = optionsOf('odeRk45', options, { tolerance: true })
  const allowed = tolerancesOf('odeRk45', tolerance)
  return {
    name: 'odeRk45',
    order: 5,
    defaults: { steps: 1 },
    *step({ process, score }, { x, t, s, state }) {
      const coefficients = reverseCoefficients(process, 0)
      const velocity = function* (x: Tensor, times: Float64Array) {
        const flow = Array.from(times, coefficients)
        const value = yield* score(x, tensor(Float32Array.from(times)))
        const each = (of: 'onX' | 'onScore'): Tensor =>
          perRow(
            flow.map((at) => at[of]),
            x,
          )
        return combine([each('onX'), x], [each('onScore'), value])
      }
      const { sizes, ...end } = yield* integrateRows('odeRk45', velocity, x, [t, s], allowed, {
        sizes: state,
      })
      return { ...end, state: sizes }
    },
  }
}
