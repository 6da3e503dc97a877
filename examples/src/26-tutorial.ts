/** The tutorial’s whole system: digits, dx = 25ᵗ dw, its U-Net, denoising, and samples by predictor and corrector. */
import { onnx } from '@sgm/backend-onnx'
import { glyphs, imageBatches } from '@sgm/data'
import { sdeDenoising } from '@sgm/losses'
import { langevin, predictorCorrector, reverseDiffusion, sample } from '@sgm/samplers'
import { bind, scaledScorePrediction, tutorialUnet } from '@sgm/score'
import { sigmaT } from '@sgm/sde'
import { compile, item, key, mean } from '@sgm/tensor'
import { train } from '@sgm/train'
import { show } from './show'

export async function main({ steps = 1000, batch = 32, count = 16, samplingSteps = 500 } = {}) {
  // #region train
  const digits = glyphs({ count: 10_000, key: key(0) })
  const data = imageBatches(digits, { size: batch, key: key(1) })
  const process = sigmaT({ sigma: 25 })
  const model = scaledScorePrediction.score(tutorialUnet(), process)
  const executor = onnx()
  const run = train({
    model,
    loss: sdeDenoising({ process }),
    data,
    steps,
    rate: 1e-3,
    key: key(2),
    compile: executor,
  })
  const losses: number[] = []
  for await (const { loss } of run) losses.push(loss)
  // #endregion
  // #region sample
  const corrector = langevin({ snr: 0.16 })
  const sampler = predictorCorrector(reverseDiffusion(), corrector)
  const score = compile(bind(model, run.ema), { executor })
  const x = await sample({ process, score }, sampler, {
    key: key(3),
    shape: [count, 28, 28, 1],
    steps: samplingSteps,
    end: 1e-3,
  })
  // #endregion
  const last = losses.slice(-10)
  const loss = last.reduce((sum, one) => sum + one, 0) / last.length
  return { lossOfZero: 28 * 28, loss, brightness: await item(mean(x)) }
}

await show(import.meta.url, main)
