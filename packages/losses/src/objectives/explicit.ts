import { gaussian, type ScoreFunction } from '@sgm/score'
import { full, mul, square, sub, sumRows, tidy } from '@sgm/tensor'
import { checkFinite, checkFunctions, optionsOf } from '@sgm/tensor/check'
import { objective } from '../objective'
import type { Loss } from '../types'

/** Options of {@link explicit}. */
export interface ExplicitOptions {
  /** The true score, ∇ₓ ln p. @default that of N(0, I) in two dimensions */
  readonly truth?: ScoreFunction
  /** Time that both scores are given. @default 0 */
  readonly time?: number
}

/**
 * Explicit score matching, ½‖s(x) − ∇ₓ ln p(x)‖² for x ~ p: half the Fisher divergence, for data whose score is known.
 * What the other objectives equal up to a constant (Hyvärinen 2005, "Estimation of non-normalized statistical models by
 * score matching", equation 2).
 *
 * @throws RangeError unless `time` is finite.
 * @example
 * const truth = gaussian().score
 * const loss = explicit({ truth })
 * const x = normal(key(0), [4, 2])
 * loss.evaluate(truth, x, loss.draw(key(1), x.shape)) // → [0, 0, 0, 0]
 */
export function explicit(options: ExplicitOptions = {}): Loss {
  const { truth = gaussian().score, time = 0 } = optionsOf('explicit', options, { truth: true, time: true })
  checkFunctions('explicit', { truth })
  checkFinite('explicit', { time })
  return objective('explicit', ['times'], {
    draw: (_, shape) => ({ times: full([shape[0]!], time) }),
    evaluate: (score, x, { times }) =>
      tidy(() => mul(sumRows(square(sub(score(x, times!), truth(x, times!)))), 0.5)),
  })
}
