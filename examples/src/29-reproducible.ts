/** The same key gives the same samples, in a batch of any size, and keys made of keys are independent. */
import { eulerMaruyama, sample } from '@sgm/samplers'
import { gaussianMixture } from '@sgm/score'
import { vp } from '@sgm/sde'
import { abs, foldIn, item, key, max, normal, slice, sub } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 64, steps = 50 } = {}) {
  // #region batches
  const process = vp()
  const problem = { process, score: gaussianMixture().diffused(process).score }
  function draw(count: number) {
    const options = { key: key(7), shape: [count, 2], steps }
    return sample(problem, eulerMaruyama(), options)
  }
  const one = await draw(1)
  const many = await draw(count)
  const difference = await item(max(abs(sub(one, slice(many, [0, 0], [1, 2])))))
  // #endregion
  // #region keys
  const root = key(7)
  const ofStep = (step: number) => foldIn(root, step)
  const same = normal(ofStep(3), [4])
  const again = normal(ofStep(3), [4])
  const other = normal(ofStep(4), [4])
  // #endregion
  return {
    difference,
    sameKey: await item(max(abs(sub(same, again)))),
    otherKey: await item(max(abs(sub(same, other)))),
  }
}

await show(import.meta.url, main)
