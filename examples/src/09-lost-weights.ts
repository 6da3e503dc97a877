/** Behaviour 9: chains of plain Langevin dynamics settle in the nearest mode; the weights 1:4 come out about 1:1. */
import { modeWeights } from '@sgm/metrics'
import { chain, langevin } from '@sgm/samplers'
import { gaussianMixture } from '@sgm/score'
import { key, tensor, uniform } from '@sgm/tensor'
import { show } from './show'

export async function main({ chains = 1280, steps = 200 } = {}) {
  // #region weights
  const target = gaussianMixture()
  const start = uniform(key(0), [chains, 2], { low: -8, high: 8 })
  const sampler = langevin({ stepSize: 0.05 })
  let found: number[] = []
  const run = chain(target, sampler, { key: key(1), x: start, steps })
  for await (const { x, index } of run) {
    if (index === steps) found = await modeWeights(x, tensor(target.means))
  }
  // #endregion
  return { weights: target.weights, found }
}

await show(import.meta.url, main)
