/** Behaviour 21: the reverse SDE and the probability-flow ODE have the same marginals at every time. */
import { energyDistance, modeWeights } from '@sgm/metrics'
import { eulerMaruyama, odeHeun, type Sampler, trajectory } from '@sgm/samplers'
import { gaussianMixture } from '@sgm/score'
import { vp } from '@sgm/sde'
import { clone, key, type Tensor, tensor } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 600, steps = 100 } = {}) {
  const target = gaussianMixture({
    weights: [0.2, 0.8],
    means: [[-1], [1]],
    covariances: [0.04, 0.04],
  })
  const process = vp()
  const { score, sample } = target.diffused(process)
  async function path(sampler: Sampler, seed: number): Promise<[t: number, x: Tensor][]> {
    const points: [number, Tensor][] = []
    const options = { key: key(seed), shape: [count, 1], steps, denoise: 'none' } as const
    for await (const { x, t, index } of trajectory({ process, score }, sampler, options)) {
      if (index > 0 && index % (steps / 4) === 0) points.push([t, clone(x)])
    }
    return points
  }
  const [sde, ode] = [await path(eulerMaruyama(), 1), await path(odeHeun(), 2)]
  const found: Record<string, number[]> = {}
  for (const [i, [t, x]] of sde.entries()) {
    const y = ode[i]![1]
    const exact = sample(key(3), count, t)
    found[`t = ${t.toFixed(3)}`] = [
      await energyDistance(x, y),
      await energyDistance(x, exact),
      await energyDistance(y, exact),
    ]
  }
  const modes = tensor(target.means)
  return {
    weightsBySde: await modeWeights(sde.at(-1)![1], modes),
    weightsByOde: await modeWeights(ode.at(-1)![1], modes),
    ...found,
  }
}

await show(import.meta.url, main)
