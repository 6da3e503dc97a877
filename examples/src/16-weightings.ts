/** Behaviour 16: train in continuous time with balanced, likelihood or own weights, the times drawn by importance. */
import { onnx } from '@sgm/backend-onnx'
import { stream } from '@sgm/data'
import {
  balanced,
  fisherDivergence,
  importanceTimes,
  likelihoodWeighting,
  sdeDenoising,
  uniformTimes,
  type Weighting,
} from '@sgm/losses'
import { moments } from '@sgm/metrics'
import { bind, gaussianMixture, mlp, noisePrediction } from '@sgm/score'
import { logSnr, vp } from '@sgm/sde'
import { full, item, key, mean } from '@sgm/tensor'
import { train } from '@sgm/train'
import { show } from './show'

// #region weighting
/** Most weight where signal and noise are of one size. */
const own: Weighting = (process, t) => {
  return balanced(process, t) / (1 + (logSnr(process, t) / 4) ** 2)
}
// #endregion

export async function main({ steps = 400, size = 256 } = {}) {
  const target = gaussianMixture({
    means: [
      [-1, -1],
      [1, 1],
    ],
    covariances: [0.25, 0.25],
  })
  const process = vp()
  const model = noisePrediction.score(mlp({ hidden: [64, 64] }), process)
  const data = stream(target.sample, { size, key: key(1) })
  const found: Record<string, number> = {}
  const truth = target.diffused(process)

  for (const [name, weighting] of Object.entries({ balanced, likelihoodWeighting, own })) {
    // #region weighting
    const times = importanceTimes({ weighting })
    const loss = sdeDenoising({ process, weighting, times, stratified: true })
    // #endregion
    const run = train({
      model,
      loss,
      data,
      steps,
      rate: 3e-3,
      ema: { decay: 0.98 },
      key: key(0),
      compile: onnx(),
    })
    for await (const _ of run);
    const t = 0.3
    const x = truth.sample(key(2), 1000, t)
    const errors = fisherDivergence(bind(model, run.ema), truth.score, x, full([1000], t))
    found[`error, ${name}`] = await item(mean(errors))
    run.dispose()
  }
  for (const [name, times] of Object.entries({ uniformTimes, importanceTimes: importanceTimes() })) {
    const loss = sdeDenoising({ process, weighting: likelihoodWeighting, times })
    const x = target.sample(key(3), 4000)
    const { mean, covariance } = await moments(loss.evaluate(truth.score, x, loss.draw(key(4), x.shape)))
    found[`loss, ${name}`] = mean[0]!
    found[`deviation, ${name}`] = Math.sqrt(covariance[0]![0]!)
  }
  return found
}

await show(import.meta.url, main)
