/** Behaviour 7: Langevin dynamics on a score, its chain inspected, and the exact law by accepting or rejecting. */
import { effectiveSampleSize, moments, rHat } from '@sgm/metrics'
import { chain, langevin, mala, type Sampler } from '@sgm/samplers'
import { gaussian } from '@sgm/score'
import type { Process } from '@sgm/sde'
import { clone, key, normal, reshape, stack } from '@sgm/tensor'
import { show } from './show'

export async function main({ chains = 200, steps = 300, warmUp = 30, stepSize = 0.5 } = {}) {
  // #region chain
  const target = gaussian({ mean: [0] })
  // #endregion
  async function inspect(sampler: Sampler<Process | undefined>) {
    // #region chain
    const kept = []
    let acceptance = 0
    const start = normal(key(0), [chains, 1])
    const run = chain(target, sampler, { key: key(1), x: start, steps })
    for await (const { x, index, stats } of run) {
      if (index > warmUp) kept.push(clone(x))
      acceptance += (stats.acceptance ?? 0) / steps
    }
    const draws = stack(kept, 1) // [chains, draws, 1]
    const [ess] = await effectiveSampleSize(draws)
    const [rhat] = await rHat(draws)
    // #endregion
    const { covariance } = await moments(reshape(draws, [-1, 1]))
    return { variance: covariance[0]![0]!, acceptance, ess: ess!, rHat: rhat! }
  }
  // #region samplers
  const plain = await inspect(langevin({ stepSize }))
  const adjusted = await inspect(mala({ stepSize }))
  // #endregion
  return {
    variance: plain.variance,
    stationaryVariance: 1 / (1 - stepSize / 2),
    effectiveSampleSize: plain.ess,
    rHat: plain.rHat,
    adjustedVariance: adjusted.variance,
    adjustedEffectiveSampleSize: adjusted.ess,
    acceptance: adjusted.acceptance,
  }
}

await show(import.meta.url, main)
