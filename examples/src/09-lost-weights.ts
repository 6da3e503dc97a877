/** Behaviour 9: chains of plain Langevin dynamics settle in the nearest mode; the weights 1:4 come out about 1:1. */
import { modeWeights } from '@sgm/metrics'
import { chain, langevin } from '@sgm/samplers'
import { gaussianMixture } from '@sgm/score'
import { key, tensor, uniform } from '@sgm/tensor'
import { show } from './show'

export async function main({ chains = 1280, steps = 200 } = {}) {
  const target = gaussianMixture()
  const start = uniform(key(0), [chains, 2], { low: -8, high: 8 })
  const run = chain(target, langevin({ stepSize: 0.05 }), { key: key(1), x: start, steps })
  let found: number[] = []
  for await (const { x, index } of run) {
    if (index === steps) found = await modeWeights(x, tensor(target.means))
  }
  return { weights: target.weights, found }
}

await show(import.meta.url, main)
