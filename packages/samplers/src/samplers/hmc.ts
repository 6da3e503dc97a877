import { add, dotRows, mul, sub } from '@sgm/tensor'
import { checkIntegers, checkPositive, optionsOf } from '@sgm/tensor/check'
import { combine } from '../numerics/combine'
import { accept, knownAt, type MetropolisState } from '../numerics/metropolis'
import { constantGrid } from '../run/grid'
import { repeat } from '../run/steps'
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
 * @throws TypeError when the options are no object. RangeError unless stepSize > 0 and leapfrogSteps is an integer >= 1.
 * @example
 * const { score, logDensity } = gaussianMixture()
 * const options = { key: key(0), x: zeros([64, 2]), steps: 20 }
 * const run = chain({ score, logDensity }, hmc({ stepSize: 0.3 }), options)
 * for await (const { x, stats } of run) console.log(await x.data(), stats)
 */
export function hmc(options: HmcOptions = {}): Sampler<unknown, MetropolisState> {
  const { stepSize = 0.2, leapfrogSteps = 10 } = optionsOf('hmc', options, {
    stepSize: true,
    leapfrogSteps: true,
  })
  checkPositive('hmc', { stepSize })
  checkIntegers('hmc', { leapfrogSteps })
  return {
    name: 'hmc',
    order: Number.POSITIVE_INFINITY,
    evaluationsPerStep: leapfrogSteps,
    defaults: { steps: 200, grid: constantGrid, denoise: 'none' },
    *step(context, { x, t, state }) {
      const from = yield* knownAt('hmc', context, x, t, state)
      const start = context.noise()
      const kicked = combine([1, start], [stepSize / 2, from.score])
      const path = { position: combine([1, x], [stepSize, kicked]), momentum: kicked }
      const { position, momentum } = yield* repeat(
        path,
        (_, i) => i < leapfrogSteps - 1,
        function* (at) {
          const momentum = combine([1, at.momentum], [stepSize, yield* context.score(at.position, t)])
          return { position: combine([1, at.position], [stepSize, momentum]), momentum }
        },
      )
      const to = yield* knownAt('hmc', context, position, t)
      const end = combine([1, momentum], [stepSize / 2, to.score])
      const kinetic = mul(sub(dotRows(start, start), dotRows(end, end)), 0.5)
      return accept(context, from, to, add(sub(to.logDensity, from.logDensity), kinetic))
    },
  }
}
