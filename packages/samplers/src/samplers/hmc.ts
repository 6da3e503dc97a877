import { add, dotRows, mul, scoped, split, sub, tidy } from '@sgm/tensor'
import { integer, positive } from '../driver/check'
import { combine } from '../driver/combine'
import { evaluate } from '../driver/evaluate'
import { accept, knownAt, type MetropolisState, needsLogDensity } from '../driver/metropolis'
import { constantGrid } from '../driver/time'
import type { Sampler } from '../types'

/** Options of {@link hmc}. */
export interface HmcOptions {
  /** h > 0 of one leapfrog step, in the data's units at unit mass. @default 0.2 */
  readonly stepSize?: number
  /** Leapfrog steps of one proposal, >= 1. @default 10 */
  readonly leapfrogSteps?: number
}

/**
 * Proposes the end of a Hamiltonian path with a fresh momentum and accepts or rejects it so that the stationary law is
 * exact: Hamiltonian Monte Carlo.
 *
 * L times p ← p + (h/2) s(x), x ← x + h p, p ← p + (h/2) s(x) from p ~ N(0, I); accepted with chance
 * min(1, e^{H − H′}), H = −ln p(x) + ½‖p‖²
 *
 * Needs `problem.logDensity`. Reports `stats.acceptance`, the share of the batch accepted; about 0.65 is best in
 * high dimension. L evaluations a step, after the first.
 *
 * Reference: Neal 2011, "MCMC using Hamiltonian dynamics".
 *
 * @throws RangeError unless stepSize > 0 and leapfrogSteps is an integer >= 1.
 */
export function hmc({
  stepSize = 0.2,
  leapfrogSteps = 10,
}: HmcOptions = {}): Sampler<MetropolisState | undefined, unknown> {
  positive('hmc', { stepSize })
  integer('hmc', { leapfrogSteps })
  return {
    name: 'hmc',
    order: Number.POSITIVE_INFINITY,
    evaluationsPerStep: leapfrogSteps,
    defaults: { steps: 200, grid: constantGrid, denoise: 'none' },
    init: (problem) => needsLogDensity('hmc', problem),
    step: (problem, { x, t, key, normal, state }) =>
      scoped(async (own) => {
        const [momentumKey, acceptKey] = split(key) as [typeof key, typeof key]
        const from = await knownAt(own, problem, x, t, state)
        const start = own(normal(momentumKey, x.shape))
        let score = from.score
        let momentum = own(tidy(() => combine([1, start], [stepSize / 2, score])))
        let position = own(tidy(() => combine([1, x], [stepSize, momentum])))
        for (let i = 1; i < leapfrogSteps; i++) {
          score = own(await evaluate(problem, position, t))
          momentum = own(tidy(() => combine([1, momentum], [stepSize, score])))
          position = own(tidy(() => combine([1, position], [stepSize, momentum])))
        }
        const to = await knownAt(own, problem, position, t)
        const logRatio = own(
          tidy(() => {
            const end = combine([1, momentum], [stepSize / 2, to.score])
            const kinetic = mul(sub(dotRows(start, start), dotRows(end, end)), 0.5)
            return add(sub(to.logDensity, from.logDensity), kinetic)
          }),
        )
        const { state: next, stats } = await accept(acceptKey, from, to, logRatio)
        return { x: next.x, state: next, stats }
      }),
  }
}
