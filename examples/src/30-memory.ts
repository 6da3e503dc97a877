/** Tensors are freed by whom they belong to: what a tidy or a run makes on its way is gone when it ends. */
import { eulerMaruyama, sample } from '@sgm/samplers'
import { gaussianMixture } from '@sgm/score'
import { vp } from '@sgm/sde'
import { add, dispose, key, memory, mul, normal, tidy } from '@sgm/tensor'
import { show } from './show'

export async function main({ count = 100, steps = 20 } = {}) {
  // #region tidy
  const before = memory().tensors
  const x = normal(key(0), [count, 2])
  const y = tidy(() => mul(add(x, 1), 2)) // x + 1 is freed, y is kept
  const made = memory().tensors - before
  // #endregion
  // #region run
  const process = vp()
  const { score } = gaussianMixture().diffused(process)
  const options = { key: key(1), shape: [count, 2], steps }
  const samples = await sample({ process, score }, eulerMaruyama(), options)
  const values = await samples.data() // numbers outlive their tensor
  dispose([x, y, samples])
  const left = memory().tensors - before
  // #endregion
  return { made, left, numbers: values.length }
}

await show(import.meta.url, main)
