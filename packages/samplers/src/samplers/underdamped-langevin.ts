import { foldIn, scoped, type Tensor, tidy } from '@sgm/tensor'
import { positive } from '../driver/check'
import { combine } from '../driver/combine'
import { evaluate } from '../driver/evaluate'
import { constantGrid } from '../driver/time'
import type { Sampler } from '../types'

/** Options of {@link underdampedLangevin}. */
export interface UnderdampedLangevinOptions {
  /** h > 0, a time: in the data's units at unit mass. @default 0.2 */
  readonly stepSize?: number
  /** γ > 0, an inverse time: how fast velocities forget. @default 1 */
  readonly friction?: number
}

/** The velocities and the score of a chain, valid for one x and t. */
export interface Phase {
  readonly x: Tensor
  readonly t: number
  readonly velocity: Tensor
  readonly score: Tensor
}

/**
 * Steps the underdamped Langevin equation dx = v dt, dv = s(x) dt − γ v dt + √(2γ) dw at unit mass by the splitting
 * BAOAB.
 *
 * v ← v + (h/2) s(x), x ← x + (h/2) v, v ← e^{−γh} v + √(1 − e^{−2γh}) z, x ← x + (h/2) v, v ← v + (h/2) s(x)
 *
 * Its stationary law of x is off by O(h²), and not at all on Gaussians. One evaluation a step, after the first.
 *
 * Reference: Leimkuhler and Matthews 2013, "Rational construction of stochastic numerical methods for molecular
 * sampling".
 *
 * @throws RangeError unless stepSize, friction > 0.
 */
export function underdampedLangevin({
  stepSize = 0.2,
  friction = 1,
}: UnderdampedLangevinOptions = {}): Sampler<Phase | undefined, unknown> {
  positive('underdampedLangevin', { stepSize, friction })
  const half = stepSize / 2
  const decay = Math.exp(-friction * stepSize)
  const kick = Math.sqrt(-Math.expm1(-2 * friction * stepSize))
  return {
    name: 'underdamped-langevin',
    order: 2,
    evaluationsPerStep: 1,
    defaults: { steps: 1000, grid: constantGrid, denoise: 'none' },
    init: () => undefined,
    step: (problem, { x, t, key, normal, state }) =>
      scoped(async (own) => {
        const fresh = state?.x !== x || state.t !== t
        const score = fresh ? own(await evaluate(problem, x, t)) : state.score
        const moved = own(
          tidy(() => {
            const velocity = state?.velocity ?? normal(foldIn(key, 1), x.shape)
            const before = combine([1, velocity], [half, score])
            const after = combine([decay, before], [kick, normal(foldIn(key, 0), x.shape)])
            return { x: combine([1, x], [half, before], [half, after]), velocity: after }
          }),
        )
        const there = own(await evaluate(problem, moved.x, t))
        const velocity = tidy(() => combine([1, moved.velocity], [half, there]))
        return { x: moved.x, state: { x: moved.x, t, velocity, score: there } }
      }),
  }
}
