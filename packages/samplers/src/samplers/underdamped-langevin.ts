import type { Tensor } from '@sgm/tensor'
import { checkPositive, optionsOf } from '@sgm/tensor/check'
import { combine } from '../numerics/combine'
import { constantGrid } from '../run/grid'
import type { Sampler } from '../types'

/** Options of {@link underdampedLangevin}. */
export interface UnderdampedLangevinOptions {
  /** h > 0, a time: in the data's units at unit mass. @default 0.2 */
  readonly stepSize?: number
  /** γ > 0, an inverse time: how fast velocities forget. @default 1 */
  readonly friction?: number
}

/** The velocities and the score of a chain, valid for one x and t. */
interface Phase {
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
 * @throws TypeError when the options are no object. RangeError unless stepSize, friction > 0.
 * @example
 * const { score } = gaussianMixture()
 * const options = { key: key(0), x: zeros([64, 2]), steps: 100 }
 * const run = chain({ score }, underdampedLangevin({ stepSize: 0.1 }), options)
 * for await (const { x } of run) console.log(await x.data())
 */
export function underdampedLangevin(options: UnderdampedLangevinOptions = {}): Sampler<unknown, Phase> {
  const { stepSize = 0.2, friction = 1 } = optionsOf('underdampedLangevin', options, {
    stepSize: true,
    friction: true,
  })
  checkPositive('underdampedLangevin', { stepSize, friction })
  const half = stepSize / 2
  const decay = Math.exp(-friction * stepSize)
  const kick = Math.sqrt(-Math.expm1(-2 * friction * stepSize))
  return {
    name: 'underdampedLangevin',
    order: 2,
    evaluationsPerStep: 1,
    defaults: { steps: 1000, grid: constantGrid, denoise: 'none' },
    *step({ score, noise }, { x, t, state }) {
      const here = state?.x === x && state.t === t ? state.score : yield* score(x, t)
      const before = combine([1, state?.velocity ?? noise()], [half, here])
      const after = combine([decay, before], [kick, noise()])
      const moved = combine([1, x], [half, before], [half, after])
      const there = yield* score(moved, t)
      const velocity = combine([1, after], [half, there])
      return { x: moved, state: { x: moved, t, velocity, score: there } }
    },
  }
}
