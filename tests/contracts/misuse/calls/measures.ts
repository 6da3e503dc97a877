import { uniformTimes } from '@sgm/losses'
import { ones } from '@sgm/tensor'
import { type Calls, chains, k, picture, process, score, t, x } from '../given'

export const measures: Calls = {
  likelihoodBound: () => [{ times: uniformTimes }],
  importanceTimes: () => [{ cells: 4 }],
  ssim: () => [ones([1, 11, 11, 1]), ones([1, 11, 11, 1]), { peak: 1 }],
  coverage: () => [ones([3, 2]), ones([2]), { level: 0.5 }],
  fisherDivergence: () => [score, score, x, t],
  sphere: () => [k, [2, 3]],
  uniformTimes: () => [process, 0.1, 1],
  balanced: () => [process, 0.5],
  flowWeighting: () => [process, 0.5],
  likelihoodWeighting: () => [process, 0.5],
  c2st: () => [ones([4, 2]), ones([4, 2]), { neighbours: 1, folds: 2 }],
  energyDistance: () => [x, x, {}],
  frechetDistance: () => [x, x, {}],
  squaredMmd: () => [x, x, { bandwidths: [1] }],
  slicedWasserstein: () => [x, x, { key: k, projections: 2, order: 1 }],
  modeWeights: () => [x, x, { within: 1 }],
  moments: () => [x, {}],
  psnr: () => [picture, picture, { peak: 1 }],
  effectiveSampleSize: () => [chains, { kind: 'bulk' }],
  rHat: () => [chains, {}],
  gaussianFrechetDistance: () => [
    { mean: [0], covariance: [[1]] },
    { mean: [1], covariance: [[2]] },
  ],
}
