/** Behaviour 5: explicit, implicit, sliced and denoising matching learn the same score. */
import { onnx } from '@sgm/backend-onnx'
import { stream } from '@sgm/data'
import {
  denoising,
  explicit,
  finiteDifferenceSliced,
  fisherDivergence,
  implicit,
  sliced,
  slicedVarianceReduced,
} from '@sgm/losses'
import { bind, gaussian, mlp, noTime } from '@sgm/score'
import { item, key, mean, zeros } from '@sgm/tensor'
import { train } from '@sgm/train'
import { show } from './show'

export async function main({ steps = 150, size = 1000 } = {}) {
  // #region train
  const target = gaussian({
    mean: [1, -1],
    covariance: [
      [1, 0.5],
      [0.5, 1],
    ],
  })
  const data = stream(target.sample, { size, key: key(1) })
  // The score of a Gaussian is linear: no hidden layer.
  const model = mlp({ hidden: [], time: noTime })
  // #endregion
  const test = target.sample(key(9), size)
  const sigma = 0.1
  // #region objectives
  const objectives = {
    explicit: explicit({ truth: target.score }),
    implicit: implicit(),
    sliced: sliced({ projections: 2 }),
    slicedVarianceReduced: slicedVarianceReduced(),
    finiteDifferenceSliced: finiteDifferenceSliced(),
    denoising: denoising({ sigma, controlVariate: true }),
  }
  // #endregion
  const divergences: Record<string, number> = {}
  for (const [name, loss] of Object.entries(objectives)) {
    // #region train
    const rate = (step: number) => 0.1 * (1 - step / steps)
    const options = { model, loss, data, steps, rate, key: key(0) }
    const run = train({ ...options, compile: onnx() })
    for await (const _ of run);
    const score = bind(model, run.parameters)
    // #endregion
    // Denoising learns the score of the data with noise.
    const truth = name === 'denoising' ? target.noised({ sigma }) : target
    const errors = fisherDivergence(score, truth.score, test, zeros([size]))
    divergences[name] = await item(mean(errors))
    run.dispose()
  }
  return divergences
}

await show(import.meta.url, main)
