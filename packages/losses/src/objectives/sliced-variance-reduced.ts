import { add, div, hutchinson, mul, rademacher, square, sumRows, tidy } from '@sgm/tensor'
import { checkFunctions, optionsOf } from '@sgm/tensor/check'
import { objective } from '../objective'
import { separateProbes } from '../probes'
import { type SlicedOptions, slicedDraw } from '../sliced-options'
import type { Loss } from '../types'

/**
 * Sliced score matching with reduced variance, vᵀ∇s(x)v + ½‖s(x)‖²: the second term in closed form (Song et al. 2019,
 * equation 9, SSM-VR). Directions need covariance I: see {@link sphere} for what a unit sphere would do.
 *
 * @throws RangeError unless `projections` is an integer >= 1 and `time` is finite.
 * @example
 * const loss = slicedVarianceReduced({ probe: normal })
 */
export function slicedVarianceReduced(options: SlicedOptions = {}): Loss {
  const {
    probe = rademacher,
    projections = 1,
    time = 0,
  } = optionsOf('slicedVarianceReduced', options, { probe: true, projections: true, time: true })
  checkFunctions('slicedVarianceReduced', { probe })
  return objective('slicedVarianceReduced', ['times', 'probes'], {
    draw: slicedDraw('slicedVarianceReduced', { probe, projections, time }),
    evaluate: (score, x, { times, probes }) =>
      tidy(() => {
        const slices = separateProbes('slicedVarianceReduced', probes).map((v) =>
          hutchinson((y) => score(y, times!), x, v),
        )
        const trace = div(slices.map(({ divergence }) => divergence).reduce(add), slices.length)
        return add(trace, mul(sumRows(square(slices[0]!.value)), 0.5))
      }),
  })
}
