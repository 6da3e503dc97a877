import { foldIn, mul, scoped, tidy } from '@sgm/tensor'
import { integer, positive } from '../driver/check'
import { combine } from '../driver/combine'
import { evaluate } from '../driver/evaluate'
import { ladderGrid } from '../driver/time'
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
 * @throws RangeError unless stepSize > 0 and stepsPerLevel is an integer >= 1.
 */
export function annealedLangevin({
  stepSize,
  stepsPerLevel = 100,
}: AnnealedLangevinOptions = {}): Sampler<undefined> {
  if (stepSize !== undefined) positive('annealedLangevin', { stepSize })
  integer('annealedLangevin', { stepsPerLevel })
  return {
    name: 'annealed-langevin',
    order: 1,
    evaluationsPerStep: stepsPerLevel,
    defaults: { steps: 25, grid: ladderGrid, denoise: 'tweedie' },
    init: () => undefined,
    step: async (problem, { x, t, s, key, normal, state, times }) => {
      const level = problem.process.marginal(s).sigma
      const lowest = problem.process.marginal(times.at(-1)!).sigma
      const epsilon = stepSize === undefined ? 0.2 * level ** 2 : stepSize * (level / lowest) ** 2
      const scale = problem.process.marginal(s).alpha / problem.process.marginal(t).alpha
      let current = tidy(() => mul(x, scale))
      for (let i = 0; i < stepsPerLevel; i++) {
        const from = current
        current = await scoped(async (own) => {
          own(from)
          const score = own(await evaluate(problem, from, s))
          return tidy(() => {
            const z = normal(foldIn(key, i), x.shape)
            return combine([1, from], [epsilon, score], [Math.sqrt(2 * epsilon), z])
          })
        })
      }
      return { x: current, state }
    },
  }
}
