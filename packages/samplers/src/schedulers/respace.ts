import { expected } from '@sgm/tensor/check'
import { betaQuantile } from './beta-quantile'
import type { Settings } from './settings'

/** n numbers from start to end. */
export function linspace(start: number, end: number, n: number): number[] {
  return Array.from({ length: n }, (_, i) => (n === 1 ? start : start + ((end - start) * i) / (n - 1)))
}

/** Levels between two ends as the configuration spaces them; none where it leaves them to the timesteps. */
export function respaced(
  settings: Settings,
  ends: readonly [high: number, low: number],
  n: number,
): number[] | undefined {
  const high = settings.sigma_max ?? ends[0]
  const low = settings.sigma_min ?? ends[1]
  const chosen = (['use_karras_sigmas', 'use_exponential_sigmas', 'use_beta_sigmas'] as const).filter((key) => settings[key]) // biome-ignore format: names
  if (chosen.length > 1)
    throw expected('fromScheduler', 'one of Karras, exponential and beta sigmas', chosen.join(', '))
  if (settings.use_karras_sigmas) return karras(high, low, n, 7)
  if (settings.use_exponential_sigmas) return exponential(high, low, n)
  if (settings.use_beta_sigmas) return linspace(1, 0, n).map((p) => low + betaQuantile(0.6, p) * (high - low))
  if (settings.use_lu_lambdas) return exponential(ends[0], ends[1], n)
  return undefined
}

/** Evenly spaced in σ^{1/ρ}: Karras et al. 2022, equation 5. */
export function karras(high: number, low: number, n: number, rho: number): number[] {
  return linspace(high ** (1 / rho), low ** (1 / rho), n).map((root) => root ** rho)
}

/** In geometric progression. */
export function exponential(high: number, low: number, n: number): number[] {
  return linspace(Math.log(high), Math.log(low), n).map(Math.exp)
}
