import { type LinearSDE, linearSde, subVp, ve, vp } from '@sgm/sde'
import { key, tensor } from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { gaussianMixture } from '../exact/gaussian-mixture'
import { mixturePosterior } from '../exact/posterior'
import { mlp } from '../networks/mlp'
import { bind } from '../networks/network'
import { converted, type Parametrisation } from './parametrisation'
import * as predictions from './predictions'

const target = gaussianMixture({
  means: [
    [-1, 0.5],
    [2, 1],
  ],
  weights: [1, 3],
  covariances: [
    [
      [0.5, 0.2],
      [0.2, 0.3],
    ],
    [0.1, 0.6],
  ],
})

const rectifiedFlow = linearSde({
  marginal: (m, t) => ({ alpha: m.sub(1, t), sigma: m.mul(t, 1) }),
  drift: (t) => -1 / (1 - t),
  diffusion: (t) => Math.sqrt((2 * t) / (1 - t)),
  cutOffs: {},
})

const processes: Record<string, LinearSDE> = {
  ve: ve({ sigmaMax: 10 }),
  vp: vp(),
  subVp: subVp(),
  rectifiedFlow,
}
const points = [
  [0.3, -0.2],
  [1.5, 1.4],
  [-1, 2],
]
const times = [0.15, 0.4, 0.75]

/** What each parametrisation is by definition, in float64: E[x₀ | x] from Bayes' rule for Gaussians. */
function truth(process: LinearSDE, x: readonly number[], t: number): Record<string, number[]> {
  const { alpha, sigma } = process.marginal(t)
  const data = mixturePosterior(target, {
    matrix: [
      [alpha, 0],
      [0, alpha],
    ],
    observation: x,
    noiseCovariance: sigma ** 2,
  }).mean
  const noise = x.map((v, i) => (v - alpha * data[i]!) / sigma)
  const f = process.drift(t)
  const sigmaRate = (process.diffusion(t) ** 2 / 2 + f * sigma ** 2) / sigma
  return {
    scorePrediction: noise.map((e) => -e / sigma),
    scaledScorePrediction: noise.map((e) => -e),
    noisePrediction: noise,
    dataPrediction: [...data],
    velocityPrediction: noise.map((e, i) => alpha * e - sigma * data[i]!),
    flowPrediction: noise.map((e, i) => f * alpha * data[i]! + sigmaRate * e),
  }
}

const all = Object.entries(predictions) as [string, Parametrisation][]

describe.each(Object.entries(processes))('parametrisations of %s', (_, process) => {
  const score = target.diffused(process).score
  const x = tensor(points)
  const t = tensor(times)

  it.each(all)('%s of the exact score is its definition', async (name, parametrisation) => {
    const exact = points.flatMap((point, i) => truth(process, point, times[i]!)[name]!)
    // α is 0.06 at the largest time of VP: x₀ = (x + σ²s)/α has twenty times the rounding of s.
    await expectNear(parametrisation.fromScore(score, process)(x, t), exact, 2e-4)
  })

  it.each(all)('%s leads back to the score', async (_, parametrisation) => {
    const prediction = parametrisation.fromScore(score, process)
    await expectNear(parametrisation.toScore(prediction, process)(x, t), score(x, t), 1e-4)
  })
})

describe('a network', () => {
  it.each(all)(
    'that predicts by %s has the score of its function, and the same parameters',
    async (_, one) => {
      const process = vp()
      const network = mlp({ hidden: [5] })
      const score = one.score(network, process)
      expect(score.shapes).toEqual(network.shapes)
      const parameters = score.init(key(1))
      const [x, t] = [tensor(points), tensor(times)]
      await expectNear(bind(score, parameters)(x, t), one.toScore(bind(network, parameters), process)(x, t))
    },
  )
})

describe('converted', () => {
  it('turns a noise prediction into a denoiser', async () => {
    const process = vp()
    const { noisePrediction, dataPrediction } = predictions
    const noise = noisePrediction.fromScore(target.diffused(process).score, process)
    const data = converted(noise, noisePrediction, dataPrediction, process)
    const exact = points.flatMap((point, i) => truth(process, point, times[i]!).dataPrediction!)
    await expectNear(data(tensor(points), tensor(times)), exact, 2e-4)
    expect(Object.keys(predictions)).toHaveLength(6)
  })
})
