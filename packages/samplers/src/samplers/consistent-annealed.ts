import { logSnrGrid } from '@sgm/sde'
import { expected, scoped, tidy } from '@sgm/tensor'
import { positive } from '../driver/check'
import { combine } from '../driver/combine'
import { evaluate } from '../driver/evaluate'
import { backward } from '../driver/time'
import type { Sampler } from '../types'

/** Options of {@link consistentAnnealed}. */
export interface ConsistentAnnealedOptions {
  /**
   * ε > 0 at the last level, in the data's units squared; η = ε/σ_min². Must leave (1 − η) <= γ at every step.
   * @default η = 1 − γ² at each step, for which the step is the ancestral one
   */
  readonly stepSize?: number
}

/**
 * Steps down a ladder of noise, with just the noise that keeps the level of x what the score is told.
 *
 * y = x/α, σ̂ = σ/α, γ = σ̂_s/σ̂_t, η = ε/σ̂_min²: y_s = y_t + η σ̂_t² ∇_y log p + σ̂_s √(1 − ((1 − η)/γ)²) z
 *
 * One evaluation a step, geometric in σ̂ by default; the run ends by the posterior mean. The mean is x_s without its
 * noise. At the default η weak order 1; at a fixed one it does not approach the reverse SDE.
 *
 * Reference: Jolicoeur-Martineau et al. 2020, "Adversarial score matching and improved sampling for image generation",
 * algorithm 2.
 *
 * @throws RangeError unless stepSize > 0; while stepping, when 1 − η > γ.
 */
export function consistentAnnealed({ stepSize }: ConsistentAnnealedOptions = {}): Sampler<undefined> {
  if (stepSize !== undefined) positive('consistentAnnealed', { stepSize })
  return {
    name: 'consistent-annealed',
    order: 1,
    evaluationsPerStep: 1,
    defaults: { steps: 300, grid: logSnrGrid(), denoise: 'tweedie' },
    init: () => undefined,
    step: (problem, { x, t, s, key, normal, state, times }) =>
      scoped(async (own) => {
        backward('consistentAnnealed', t, s)
        const [from, to, last] = [t, s, times.at(-1)!].map((time) => problem.process.marginal(time)) as [
          M,
          M,
          M,
        ]
        const ratio = (to.sigma * from.alpha) / (to.alpha * from.sigma)
        const eta = stepSize === undefined ? 1 - ratio ** 2 : stepSize / (last.sigma / last.alpha) ** 2
        const kept = (1 - eta) / ratio
        if (Math.abs(kept) > 1 + 1e-9) {
          throw expected(
            'consistentAnnealed',
            `stepSize with |1 - eta| <= ${ratio}, the ratio of two levels`,
            1 - eta,
          )
        }
        const noise = to.sigma * Math.sqrt(Math.max(0, 1 - kept ** 2))
        const score = own(await evaluate(problem, x, t))
        return tidy(() => {
          const scale = to.alpha / from.alpha
          const mean = combine([scale, x], [scale * eta * from.sigma ** 2, score])
          return { x: combine([1, mean], [noise, normal(key, x.shape)]), mean, state }
        })
      }),
  }
}

type M = { readonly alpha: number; readonly sigma: number }
