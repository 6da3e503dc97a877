/** Behaviour 11: the noise levels, their number and the Langevin step that suit a data set. */
import { rings } from '@sgm/data'
import { annealingFromData } from '@sgm/samplers'
import { geometricSigmas } from '@sgm/sde'
import { key } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 1000, sigmaMin = 0.05 } = {}) {
  // #region levels
  const data = rings(key(0), count)
  const settings = await annealingFromData(data, { sigmaMin })
  const { sigmaMax, levels, stepSize, stepsPerLevel } = settings
  const sigmas = geometricSigmas({ sigmaMax, sigmaMin, levels })
  // #endregion
  return { levels, stepSize, stepsPerLevel, sigmas }
}

await show(import.meta.url, main)
