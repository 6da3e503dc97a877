import { gaussianMixture, mixturePosterior, type ScoreFunction } from '@sgm/score'
import { ve } from '@sgm/sde'
import { key, tensor } from '@sgm/tensor'
import { expect, it } from 'vitest'
import { sample } from '../run'
import { ancestral } from '../samplers/ancestral'
import { eulerMaruyama } from '../samplers/euler-maruyama'
import { langevin } from '../samplers/langevin'
import { predictorCorrector } from '../samplers/predictor-corrector'
import type { Sampler } from '../types'
import { dps, piGdm } from './guidance'
import { matrixOperator } from './operators'
import { projection } from './projection'
import { replacement } from './replacement'

const ROWS = 1000
const process = ve({ sigmaMax: 10 })
const target = gaussianMixture({
  means: [
    [-1.5, 1],
    [1.5, -1],
  ],
  weights: [1, 1],
  covariances: [
    [
      [0.3, 0.1],
      [0.1, 0.2],
    ],
    [0.2, 0.4],
  ],
})
const { score } = target.diffused(process)
const matrix = [[0.5, 1]]
const noise = 0.3
const measured = { operator: matrixOperator(matrix), observation: tensor([[0.4]]), noise }
const posterior = mixturePosterior(target, { matrix, observation: [0.4], noiseCovariance: noise ** 2 })
const known = { data: tensor([[-0.4, 0]]), mask: tensor([1, 0]) }
const given = mixturePosterior(target, { matrix: [[1, 0]], observation: [-0.4], noiseCovariance: 1e-6 })

const euler = eulerMaruyama()
const corrected = (wrap: (sampler: Sampler) => Sampler, correctorSteps: number): Sampler =>
  predictorCorrector(wrap(ancestral()), wrap(langevin({ snr: 0.16 })), { correctorSteps })
const projected = (steps: number) => corrected((sampler) => projection(sampler, measured), steps)
const replaced = (steps: number) => corrected((sampler) => replacement(sampler, known), steps)

/** Share of samples nearer the first mode: below 0 in the first number, above 0 in the second. */
async function firstShare(of: ScoreFunction, sampler: Sampler, axis: number): Promise<number> {
  const x = await sample({ process, score: of }, sampler, { key: key(1), shape: [ROWS, 2], steps: 200 })
  const values = await x.data()
  x.dispose()
  const own = Array.from({ length: ROWS }, (_, i) => values[2 * i + axis]!)
  return own.filter((value) => (axis === 0 ? value < 0 : value > 0)).length / ROWS
}

it.each([
  { right: posterior, axis: 0 },
  { right: given, axis: 1 },
])('the exact score of the posterior finds the weights of its modes', async ({ right, axis }) => {
  const [first] = right.weights
  expect(first).toBeCloseTo(axis === 0 ? 0.609 : 0.999, 3)
  const share = await firstShare(right.diffused(process).score, euler, axis)
  expect(Math.abs(share - first!)).toBeLessThan(4 * Math.sqrt((first! * (1 - first!)) / ROWS))
})

// What each method makes of weights 0.609 and 0.391, of 0.999 and 0.001: docs/docs/inverse.md tells it.
it.each([
  { name: 'piGdm', of: piGdm(process, score, measured), sampler: euler, axis: 0, share: 0.53 },
  { name: 'dps', of: dps(process, score, measured), sampler: euler, axis: 0, share: 0.58 },
  { name: 'projection', of: score, sampler: projected(0), axis: 0, share: 0.5 },
  { name: 'projection, corrected once', of: score, sampler: projected(1), axis: 0, share: 0.52 },
  { name: 'projection, five times', of: score, sampler: projected(5), axis: 0, share: 0.54 },
  { name: 'replacement', of: score, sampler: replaced(0), axis: 1, share: 0.8 },
  { name: 'replacement, corrected once', of: score, sampler: replaced(1), axis: 1, share: 0.87 },
  { name: 'replacement, five times', of: score, sampler: replaced(5), axis: 1, share: 0.95 },
])('$name gives the first of two modes a weight of $share', async ({ of, sampler, axis, share }) => {
  expect(Math.abs((await firstShare(of, sampler, axis)) - share)).toBeLessThan(0.02)
})
