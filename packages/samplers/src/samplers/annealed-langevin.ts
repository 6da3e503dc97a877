import { mul } from '@sgm/tensor'
import { checkIntegers, checkPositive, optionsOf } from '@sgm/tensor/check'
import { combine } from '../numerics/combine'
import { ladderGrid } from '../run/grid'
import { repeat } from '../run/steps'
import type { Sampler } from '../types'

/** Options of {@link annealedLangevin}. */
export interface AnnealedLangevinOptions {
  /** ε > 0 at the last level, in the data's units squared. @default 0.2 σ_min²: NCSN's 2e-5 at σ_min = 0.01 */
  readonly stepSize?: number
  /** Langevin steps T at each level, >= 1. @default 100 */
  readonly stepsPerLevel?: number
}

/**
 * Runs T Langevin steps at each level of a ladder of noise, the step in proportion to the variance.
 *
 * Into level i x comes times α_i/α_{i−1}; there, T times: x ← x + α_i s(x, t_i) + √(2α_i) z with α_i = ε σ_i²/σ_min², σ_min the last level's. (The text of
 * the paper writes α/2 and √α; its code has this convention, and ε = 2e-5 is of the code.)
 *
 * A step of the run is a level, geometric in the noise-to-signal ratio by default, and the run ends by the posterior mean
 * x + σ_min² s. `annealingFromData` finds ε; a run of L steps costs L T + 1 evaluations.
 *
 * Reference: Song and Ermon 2019, "Generative modeling by estimating gradients of the data distribution", algorithm 1;
 * the last step is Jolicoeur-Martineau et al. 2020's.
 *
 * @throws TypeError when the options are no object. RangeError unless stepSize > 0 and stepsPerLevel is an integer >= 1.
 * @example
 * const process = ve()
 * const { score } = gaussianMixture().diffused(process)
 * const sampler = annealedLangevin({ stepSize: 2e-5, stepsPerLevel: 5 })
 * const x = await sample({ process, score }, sampler, {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 10,
 * })
 */
export function annealedLangevin(options: AnnealedLangevinOptions = {}): Sampler {
  const { stepSize, stepsPerLevel = 100 } = optionsOf('annealedLangevin', options, {
    stepSize: true,
    stepsPerLevel: true,
  })
  if (stepSize !== undefined) checkPositive('annealedLangevin', { stepSize })
  checkIntegers('annealedLangevin', { stepsPerLevel })
  return {
    name: 'annealedLangevin',
    order: 1,
    evaluationsPerStep: stepsPerLevel,
    defaults: { steps: 25, grid: ladderGrid, denoise: 'tweedie' },
    *step({ process, score, noise }, { x, t, s, times }) {
      const [from, to, last] = [process.marginal(t), process.marginal(s), process.marginal(times.at(-1)!)]
      const epsilon = stepSize === undefined ? 0.2 * to.sigma ** 2 : stepSize * (to.sigma / last.sigma) ** 2
      const start = mul(x, to.alpha / from.alpha)
      const end = yield* repeat(
        start,
        (_, i) => i < stepsPerLevel,
        function* (x) {
          return combine([1, x], [epsilon, yield* score(x, s)], [Math.sqrt(2 * epsilon), noise()])
        },
      )
      return { x: end }
    },
  }
}
