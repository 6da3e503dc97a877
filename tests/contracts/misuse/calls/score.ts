import { dataPrediction, noisePrediction, scorePrediction } from '@sgm/score'
import { type Calls, energy, ints, net, parameters, process, score, t, weights, x } from '../given'

const small = { size: 8, width: 4, multipliers: [1, 2], blocks: 1, attention: [4] }

/** What is asked of a mixture. */
const mixture = { weights: [1], means: [[0, 0]], covariances: [[[1, 0], [0, 1]]] } // biome-ignore format: rows

export const scores: Calls = {
  ddpmFromScore: () => [score, process, {}],
  scoreFromDdpm: () => [score, process, {}],
  ncsnFromScore: () => [score, process, { sigmas: [1, 0.1] }],
  scoreFromNcsn: () => [score, process, { sigmas: [1, 0.1] }],
  timeScaled: () => [score, 999],
  empirical: () => [x, process],
  energyScore: () => [energy],
  classifierGuidance: () => [score, energy, { scale: 1 }],
  labelLogLikelihood: () => [(y: typeof x) => y, ints],
  classifierFreeGuidance: () => [score, score, { scale: 1 }],
  layersScore: () => [{ inputs: [1], apply: (y: unknown) => y }],
  bind: () => [net, parameters],
  countParameters: () => [net],
  mapNetwork: () => [net, (f: unknown) => f],
  networkOf: () => [{ parameters: {}, apply: (_: unknown, y: unknown) => y }],
  parametrisation: () => [scorePrediction],
  converted: () => [score, noisePrediction, dataPrediction, process],
  edmCoefficients: () => [t, 0.5],
  edmPreconditioned: () => [score, process, {}],
  fromDiffusers: () => [{ sample_size: 8 }, { x }, 8],
  fromEdm: () => [{ x }, {}],
  fromKDiffusion: () => [{ x }, { size: 8 }],
  fromScoreSde: () => [net, parameters],
  loadWeights: () => [net, weights],
  saveWeights: () => [net, parameters, { note: 'a' }],
  gaussian: () => [{ mean: [0, 0], covariance: 1 }],
  gaussianMixture: () => [
    {
      weights: [1, 1],
      means: [
        [0, 0],
        [1, 1],
      ],
      covariances: [1, 1],
    },
  ],
  mixturePosterior: () => [mixture, { matrix: [[1, 0]], observation: [1], noiseCovariance: 1 }],
  mlp: () => [{ dims: 2, hidden: [4] }],
  ddpm: () => [small],
  dit: () => [{ size: 4, channels: 1, width: 4, depth: 1, heads: 1, ratio: 1 }],
  ddpmpp: () => [small],
  ncsnpp: () => [small],
  tutorialUnet: () => [{ size: 17, widths: [4, 8, 8, 16], groups: [2, 4], embedding: 8 }],
  refineNet: () => [{ size: 8, width: 4 }],
  noiseClassifier: () => [{ size: 8, width: 8, classes: 2 }],
}
