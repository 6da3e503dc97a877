import { add, div, dotRows, mul, rademacher, square, sub, sumRows, tidy } from '@sgm/tensor'
import { checkFunctions, checkPositive, optionsOf } from '@sgm/tensor/check'
import { objective } from '../objective'
import { separateProbes } from '../probes'
import { type SlicedOptions, slicedDraw } from '../sliced-options'
import type { Loss } from '../types'

/** Options of {@link finiteDifferenceSliced}. */
export interface FiniteDifferenceSlicedOptions extends SlicedOptions {
  /** Length ε of the step along v, in units of x, > 0. @default 0.05 */
  readonly step?: number
}

/**
 * Sliced score matching by central differences: with s± = s(x ± εv), vᵀ(s₊ − s₋)/2ε + ⅛‖s₊ + s₋‖². Two evaluations a
 * direction, no derivative by x, so that training needs first derivatives only (Pang et al. 2020, "Efficient learning of
 * generative models via finite-difference score matching", section 3.2).
 *
 * Off by O(ε²) from {@link slicedVarianceReduced}, exact for a linear score. Rounding adds about 1e-7‖s‖/ε.
 *
 * @throws RangeError unless `step` > 0, `projections` is an integer >= 1 and `time` is finite.
 * @example
 * const loss = finiteDifferenceSliced({ step: 0.01 })
 */
export function finiteDifferenceSliced(options: FiniteDifferenceSlicedOptions = {}): Loss {
  const {
    probe = rademacher,
    projections = 1,
    time = 0,
    step = 0.05,
  } = optionsOf('finiteDifferenceSliced', options, { probe: true, projections: true, time: true, step: true })
  checkFunctions('finiteDifferenceSliced', { probe })
  checkPositive('finiteDifferenceSliced', { step })
  return objective('finiteDifferenceSliced', ['times', 'probes'], {
    draw: slicedDraw('finiteDifferenceSliced', { probe, projections, time }),
    evaluate: (score, x, { times, probes }) =>
      tidy(() => {
        const terms = separateProbes('finiteDifferenceSliced', probes).map((v) => {
          const shift = mul(v, step)
          const [ahead, behind] = [score(add(x, shift), times!), score(sub(x, shift), times!)]
          const trace = div(dotRows(v, sub(ahead, behind)), 2 * step)
          return add(trace, mul(sumRows(square(add(ahead, behind))), 0.125))
        })
        return div(terms.reduce(add), terms.length)
      }),
  })
}
