import { add, div, dotRows, hutchinson, mul, rademacher, square, tidy } from '@sgm/tensor'
import { checkFunctions, optionsOf } from '@sgm/tensor/check'
import { objective } from '../objective'
import { separateProbes } from '../probes'
import { type SlicedOptions, slicedDraw } from '../sliced-options'
import type { Loss } from '../types'

/**
 * Sliced score matching, vᵀ∇s(x)v + ½(vᵀs(x))², averaged over random directions v: one backward pass a direction in
 * place of d (Song et al. 2019, "Sliced score matching", equation 8).
 *
 * In expectation over directions of covariance I, equal to implicit score matching.
 *
 * @throws RangeError unless `projections` is an integer >= 1 and `time` is finite.
 * @example
 * const loss = sliced({ projections: 4 })
 */
export function sliced(options: SlicedOptions = {}): Loss {
  const {
    probe = rademacher,
    projections = 1,
    time = 0,
  } = optionsOf('sliced', options, { probe: true, projections: true, time: true })
  checkFunctions('sliced', { probe })
  return objective('sliced', ['times', 'probes'], {
    draw: slicedDraw('sliced', { probe, projections, time }),
    evaluate: (score, x, { times, probes }) =>
      tidy(() => {
        const terms = separateProbes('sliced', probes).map((v) => {
          const { value, divergence } = hutchinson((y) => score(y, times!), x, v)
          return add(divergence, mul(square(dotRows(v, value)), 0.5))
        })
        return div(terms.reduce(add), terms.length)
      }),
  })
}
