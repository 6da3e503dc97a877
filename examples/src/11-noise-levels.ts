/** Behaviour 11: the noise levels, their number and the Langevin step that suit a data set. */
import { rings } from '@sgm/data'
import { annealingFromData } from '@sgm/samplers'
import { geometricSigmas } from '@sgm/sde'
import { key } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 1000, sigmaMin = 0.05 } = {}) {
  const { sigmaMax, levels, stepSize, stepsPerLevel } = await annealingFromData(rings(key(0), count), {
    sigmaMin,
  })
  return { levels, stepSize, stepsPerLevel, sigmas: geometricSigmas({ sigmaMax, sigmaMin, levels }) }
}

await show(import.meta.url, main)
