/** Behaviour 12: a noise-conditional score over a ladder of levels, its weights averaged, sampled by annealing. */
import { onnx } from '@sgm/backend-onnx'
import { stream } from '@sgm/data'
import { fisherDivergence, multiLevelDenoising } from '@sgm/losses'
import { modeWeights } from '@sgm/metrics'
import { annealedLangevin, sample } from '@sgm/samplers'
import { bind, edmPreconditioned, gaussianMixture, mapNetwork, mlp } from '@sgm/score'
import { logSnrGrid, ve } from '@sgm/sde'
import { full, item, key, mean, type NamedTensors, tensor } from '@sgm/tensor'
import { train } from '@sgm/train'
import { show } from './show'

export async function main({ steps = 800, levels = 10, chains = 500 } = {}) {
  // #region train
  const target = gaussianMixture()
  const process = ve({ sigmaMin: 1, sigmaMax: 20 })
  const times = logSnrGrid()(process, { steps: levels - 1, end: 0 })
  const sigmas = times.map((t) => process.marginal(t).sigma)
  const model = mapNetwork(mlp({ hidden: [64, 64] }), (network) =>
    edmPreconditioned(network, process, { sigmaData: 5 }),
  )
  const run = train({
    model,
    loss: multiLevelDenoising({ sigmas, times }),
    data: stream(target.sample, { size: 256, key: key(1) }),
    steps,
    rate: 3e-3,
    ema: { decay: 0.99 },
    key: key(0),
    compile: onnx(),
  })
  for await (const _ of run);
  // #endregion

  const truth = target.diffused(process)
  /** σ²E‖error‖², averaged over the levels. */
  async function error(parameters: NamedTensors): Promise<number> {
    let sum = 0
    for (const t of times) {
      const x = truth.sample(key(2), 1000, t)
      const errors = fisherDivergence(bind(model, parameters), truth.score, x, full([1000], t))
      sum += process.marginal(t).sigma ** 2 * (await item(mean(errors)))
    }
    return sum / levels
  }
  // #region sample
  const sampler = annealedLangevin({ stepsPerLevel: 20 })
  const score = bind(model, run.ema)
  const x = await sample({ process, score }, sampler, {
    key: key(3),
    shape: [chains, 2],
    steps: levels,
    end: 0,
  })
  // #endregion
  return {
    error: await error(run.parameters),
    errorOfAverage: await error(run.ema),
    weights: target.weights,
    found: await modeWeights(x, tensor(target.means)),
  }
}

await show(import.meta.url, main)
