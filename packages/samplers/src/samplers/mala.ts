import { add, mul, square, sub, sumRows } from '@sgm/tensor'
import { checkPositive, optionsOf } from '@sgm/tensor/check'
import { combine } from '../numerics/combine'
import { accept, knownAt, type MetropolisState } from '../numerics/metropolis'
import { constantGrid } from '../run/grid'
import type { Sampler } from '../types'

/** Options of {@link mala}. */
export interface MalaOptions {
  /** ε > 0, in the data's units squared. @default 0.2 */
  readonly stepSize?: number
}

/**
 * Proposes a Langevin step and accepts or rejects it so that the stationary law is exact: the
 * Metropolis-adjusted Langevin algorithm.
 *
 * x′ = x + ε s(x) + √(2ε) z, accepted with chance min(1, p(x′) q(x | x′) / (p(x) q(x′ | x))), where
 * q(x′ | x) = N(x + ε s(x), 2ε I). (Some papers write ε/2 and √ε: their ε is twice this one.)
 *
 * Needs `problem.logDensity`. Reports `stats.acceptance`, the share of the batch accepted; about 0.57 is best in
 * high dimension. One evaluation a step, after the first.
 *
 * Reference: Roberts and Tweedie 1996; Roberts and Rosenthal 1998.
 *
 * @throws TypeError when the options are no object. RangeError unless stepSize > 0.
 * @example
 * const { score, logDensity } = gaussianMixture()
 * const options = { key: key(0), x: zeros([64, 2]), steps: 20 }
 * const run = chain({ score, logDensity }, mala({ stepSize: 0.5 }), options)
 * for await (const { x, stats } of run) console.log(await x.data(), stats)
 */
export function mala(options: MalaOptions = {}): Sampler<unknown, MetropolisState> {
  const { stepSize = 0.2 } = optionsOf('mala', options, { stepSize: true })
  checkPositive('mala', { stepSize })
  return {
    name: 'mala',
    order: Number.POSITIVE_INFINITY,
    evaluationsPerStep: 1,
    defaults: { steps: 1000, grid: constantGrid, denoise: 'none' },
    *step(context, { x, t, state }) {
      const from = yield* knownAt('mala', context, x, t, state)
      const z = context.noise()
      const moved = combine([1, x], [stepSize, from.score], [Math.sqrt(2 * stepSize), z])
      const to = yield* knownAt('mala', context, moved, t)
      const back = combine([Math.sqrt(stepSize / 2), add(from.score, to.score)], [1, z])
      const transition = mul(sumRows(sub(square(z), square(back))), 0.5)
      return accept(context, from, to, add(sub(to.logDensity, from.logDensity), transition))
    },
  }
}
