import { logSnrGrid } from '@sgm/sde'
import { add, mul } from '@sgm/tensor'
import { checkPositive, expected, optionsOf } from '@sgm/tensor/check'
import { combine } from '../numerics/combine'
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
 * @throws TypeError when the options are no object. RangeError unless stepSize > 0; while stepping, when 1 − η > γ.
 * @example
 * const process = ve()
 * const { score } = gaussianMixture().diffused(process)
 * const x = await sample({ process, score }, consistentAnnealed(), {
 *   key: key(0),
 *   shape: [64, 2],
 *   steps: 50,
 * })
 */
export function consistentAnnealed(options: ConsistentAnnealedOptions = {}): Sampler {
  const { stepSize } = optionsOf('consistentAnnealed', options, { stepSize: true })
  if (stepSize !== undefined) checkPositive('consistentAnnealed', { stepSize })
  return {
    name: 'consistentAnnealed',
    order: 1,
    evaluationsPerStep: 1,
    backward: true,
    defaults: { steps: 300, grid: logSnrGrid(), denoise: 'tweedie' },
    *step({ process, score, noise }, { x, t, s, times }) {
      const [from, to, last] = [process.marginal(t), process.marginal(s), process.marginal(times.at(-1)!)]
      const ratio = (to.sigma * from.alpha) / (to.alpha * from.sigma)
      const eta = stepSize === undefined ? 1 - ratio ** 2 : stepSize / (last.sigma / last.alpha) ** 2
      const kept = (1 - eta) / ratio
      if (Math.abs(kept) > 1 + 1e-9) {
        const wanted = `stepSize with |1 - eta| <= ${ratio}, the ratio of two levels`
        throw expected('consistentAnnealed', wanted, 1 - eta)
      }
      const scale = to.alpha / from.alpha
      const mean = combine([scale, x], [scale * eta * from.sigma ** 2, yield* score(x, t)])
      return { x: add(mean, mul(noise(), to.sigma * Math.sqrt(Math.max(0, 1 - kept ** 2)))), mean }
    },
  }
}
