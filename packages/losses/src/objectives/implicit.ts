import { add, divergence, full, mul, square, sumRows, type Tensor, tidy } from '@sgm/tensor'
import { checkFinite, optionsOf } from '@sgm/tensor/check'
import { objective } from '../objective'
import type { Loss } from '../types'

/** Options of {@link implicit}. */
export interface ImplicitOptions {
  /** Time that the score is given. @default 0 */
  readonly time?: number
}

/**
 * Implicit score matching, tr ∇s(x) + ½‖s(x)‖² with the exact trace: d backward passes (Hyvärinen 2005, theorem 1).
 *
 * Equals explicit score matching less ½E‖∇ log p‖², so that its optimum on N(0, I) is −d/2, not zero.
 *
 * @throws RangeError unless `time` is finite.
 * @example
 * const loss = implicit()
 */
export function implicit(options: ImplicitOptions = {}): Loss {
  const { time = 0 } = optionsOf('implicit', options, { time: true })
  checkFinite('implicit', { time })
  return objective('implicit', ['times'], {
    draw: (_, shape) => ({ times: full([shape[0]!], time) }),
    evaluate: (score, x, { times }) =>
      tidy(() => {
        const field = (y: Tensor): Tensor => score(y, times!)
        return add(divergence(field, x), mul(sumRows(square(field(x))), 0.5))
      }),
  })
}
