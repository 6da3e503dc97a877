import { geometricSigmas } from '@sgm/sde'
import { expected, mul, normal, split, tidy, uniformValues } from '@sgm/tensor'
import { checkFunctions, checkLists, optionsOf } from '@sgm/tensor/check'
import { objective } from '../objective'
import { denoisingError, levelTensors, PERTURBATION, type PerturbationDraws } from '../perturbed'
import type { Loss } from '../types'

/** Options of {@link multiLevelDenoising}. */
export interface MultiLevelDenoisingOptions {
  /** Noise levels, > 0, strongest first by custom. @default ten, geometric from 1 to 0.01 (NCSN) */
  readonly sigmas?: readonly number[]
  /** What the score is given as its time at each level. @default the level's index 0, 1, … */
  readonly times?: readonly number[]
  /** λ(σ) >= 0, the weight of ‖s + z/σ‖². @default σ² */
  readonly weighting?: (sigma: number) => number
}

/**
 * Denoising score matching over a ladder of noise levels, ½λ(σᵢ)‖s(x + σᵢz, i) + z/σᵢ‖² with i drawn evenly; the default
 * λ = σ² makes it ½‖σᵢs + z‖² (Song and Ermon 2019, "Generative modeling by estimating gradients of the data
 * distribution", equations 5 and 6).
 *
 * @throws RangeError unless levels are > 0 and as many as times, and weights are finite and >= 0.
 * @example
 * const sigmas = geometricSigmas({ sigmaMax: 10, sigmaMin: 0.1, levels: 10 })
 * const loss = multiLevelDenoising({ sigmas })
 */
export function multiLevelDenoising(options: MultiLevelDenoisingOptions = {}): Loss {
  const {
    sigmas = geometricSigmas({ sigmaMax: 1, sigmaMin: 0.01, levels: 10 }),
    times: given,
    weighting = (sigma: number) => sigma ** 2,
  } = optionsOf('multiLevelDenoising', options, { sigmas: true, times: true, weighting: true })
  checkFunctions('multiLevelDenoising', { weighting })
  const where = 'multiLevelDenoising'
  checkLists(where, { sigmas })
  const times = given ?? sigmas.map((_, i) => i)
  checkLists(where, { times })
  const wrong = sigmas.find((sigma) => !(sigma > 0 && Number.isFinite(sigma)))
  if (sigmas.length === 0 || wrong !== undefined) throw expected(where, 'sigmas > 0', wrong ?? 'none')
  if (times.length !== sigmas.length || !times.every(Number.isFinite)) {
    throw expected(where, `${sigmas.length} finite times`, times)
  }
  const levels = sigmas.map((sigma, i) => ({
    time: times[i]!,
    alpha: 1,
    sigma,
    weight: weighting(sigma) / sigma ** 2 / 2,
  }))
  const bad = levels.find(({ weight }) => !(weight >= 0 && Number.isFinite(weight)))
  if (bad) throw expected(where, 'weights >= 0', bad.weight)
  return objective('multiLevelDenoising', PERTURBATION, {
    draw: (key, shape) => {
      const [levelKey, noiseKey] = split(key)
      const rows = Array.from(
        uniformValues(levelKey, shape[0]!),
        (u) => levels[Math.min(Math.floor(u * levels.length), levels.length - 1)]!,
      )
      return { ...levelTensors(rows), noise: normal(noiseKey, shape) }
    },
    evaluate: (score, x, draws) =>
      tidy(() => mul(draws.weights!, denoisingError(score, x, draws as PerturbationDraws))),
  })
}
