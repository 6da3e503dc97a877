import { gaussian, mixturePosterior, type ScoreFunction } from '@sgm/score'
import { edm, type LinearSDE, subVp, ve, vp } from '@sgm/sde'
import { concat, dispose, full, key, mul, normal, sub, type Tensor, tensor, tidy } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { sample } from '../run'
import { ancestral } from '../samplers/ancestral'
import { ddim } from '../samplers/ddim'
import { dpmSolverPlusPlus } from '../samplers/dpm-solver-plus-plus'
import { eulerMaruyama } from '../samplers/euler-maruyama'
import { langevin } from '../samplers/langevin'
import { predictorCorrector } from '../samplers/predictor-corrector'
import { dps, piGdm } from './guidance'
import { maskOperator, matrixOperator } from './operators'
import { projection } from './projection'
import { knownGrey, replacement } from './replacement'

const matrix = [
  [1, 0.5, 0],
  [0.3, -1, 2],
]
const mean = [0.5, -1, 2]
const observation = [1, -0.5]
const noise = 0.3

/** Largest difference of two scores, relative to the largest entry, over times and points. */
async function difference(a: ScoreFunction, b: ScoreFunction, process: LinearSDE): Promise<number> {
  let worst = 0
  for (const share of [0.02, 0.3, 0.7, 1]) {
    const t = full([16], share * process.interval[1])
    const { sigma, alpha } = process.marginal(share * process.interval[1])
    const x = mul(normal(key(7), [16, 3]), Math.hypot(alpha, sigma))
    const [got, wanted] = [await a(x, t).data(), await b(x, t).data()]
    const size = Math.max(...Array.from(wanted, Math.abs))
    for (const [i, value] of wanted.entries()) worst = Math.max(worst, Math.abs(got[i]! - value) / size)
  }
  return worst
}

describe.each(Object.entries({ vp: vp(), subVp: subVp(), ve: ve({ sigmaMax: 20 }) }))(
  'over %s',
  (_, process) => {
    it.each([1, 0.4])('piGdm is the exact posterior score of data N(μ, v I), v = %d', async (variance) => {
      const target = gaussian({ mean, covariance: variance })
      const measured = { operator: matrixOperator(matrix), observation: tensor([observation]), noise }
      const guided = piGdm(process, target.diffused(process).score, measured, { dataVariance: variance })
      const posterior = mixturePosterior(target, { matrix, observation, noiseCovariance: noise ** 2 })
      expect(await difference(guided, posterior.diffused(process).score, process)).toBeLessThan(2e-4)
    })

    it('piGdm inpaints such data exactly by a mask', async () => {
      const target = gaussian({ mean, covariance: 1 })
      const measured = { operator: maskOperator([1, 0, 1]), observation: tensor([[2, 0, -1]]), noise }
      const guided = piGdm(process, target.diffused(process).score, measured)
      const rows = [[1, 0, 0], [0, 0, 1]] // biome-ignore format: rows
      const posterior = mixturePosterior(target, {
        matrix: rows,
        observation: [2, -1],
        noiseCovariance: noise ** 2,
      })
      expect(await difference(guided, posterior.diffused(process).score, process)).toBeLessThan(2e-4)
    })

    it('dps is exact where the spread of x₀ is small', async () => {
      const target = gaussian({ mean, covariance: 1 })
      const measured = { operator: matrixOperator(matrix), observation: tensor([observation]), noise }
      const { score } = target.diffused(process)
      const exact = mixturePosterior(target, { matrix, observation, noiseCovariance: noise ** 2 }).diffused(
        process,
      ).score
      const at = async (t: number, of: ScoreFunction): Promise<number[]> => {
        const { alpha, sigma } = process.marginal(t)
        const x = mul(normal(key(3), [8, 3]), Math.hypot(alpha, sigma))
        const [unguided, guided] = [score(x, full([8], t)), of(x, full([8], t))]
        return Array.from(await sub(guided, unguided).data())
      }
      const norm = (v: number[]): number => Math.hypot(...v)
      const guided = dps(process, score, measured)
      const small = process.cutOffs.likelihood
      const [got, wanted] = [await at(small, guided), await at(small, exact)]
      expect(norm(got.map((v, i) => v - wanted[i]!))).toBeLessThan(0.05 * norm(wanted))
    })
  },
)

/** Mean and covariance of a run of many rows. */
async function moments(x: Tensor): Promise<{ mean: number[]; covariance: number[][] }> {
  const [rows, dims] = x.shape as [number, number]
  const values = await x.data()
  const axes = Array.from({ length: dims }, (_, j) => j)
  const column = (j: number): number[] => Array.from({ length: rows }, (_, i) => values[i * dims + j]!)
  const mean = axes.map((j) => column(j).reduce((a, b) => a + b) / rows)
  const covariance = axes.map((j) =>
    axes.map((k) => {
      const [a, b] = [column(j), column(k)]
      return a.reduce((sum, v, i) => sum + (v - mean[j]!) * (b[i]! - mean[k]!), 0) / (rows - 1)
    }),
  )
  return { mean, covariance }
}

const rows = 4000
/** Five standard deviations of a mean of `rows` numbers of unit variance, and a step of 1/200 of the SDE. */
const slack = 5 / Math.sqrt(rows) + 0.02

it('samples the exact posterior of y = Ax + n by piGdm', async () => {
  const process = vp()
  const target = gaussian({ mean, covariance: 1 })
  const measured = { operator: matrixOperator(matrix), observation: tensor([observation]), noise }
  const score = piGdm(process, target.diffused(process).score, measured)
  const x = await sample({ process, score }, eulerMaruyama(), { key: key(1), shape: [rows, 3], steps: 200 })
  const got = await moments(x)
  const wanted = mixturePosterior(target, { matrix, observation, noiseCovariance: noise ** 2 })
  for (const i of [0, 1, 2]) {
    expect(Math.abs(got.mean[i]! - wanted.mean[i]!)).toBeLessThan(slack)
    for (const j of [0, 1, 2]) {
      expect(Math.abs(got.covariance[i]![j]! - wanted.covariance[i]![j]!)).toBeLessThan(slack)
    }
  }
})

it.each([
  { noise: 0.1, sampler: dpmSolverPlusPlus(), steps: 10 },
  { noise: 0.1, sampler: ddim(), steps: 50 },
  { noise: 0.01, sampler: dpmSolverPlusPlus(), steps: 10 },
  { noise: 0.01, sampler: ddim(), steps: 10 },
  { noise: 0.0001, sampler: dpmSolverPlusPlus(), steps: 10 },
])('dps holds its pull where it takes what is measured to y: $noise in $steps steps', async (option) => {
  const { noise, sampler, steps } = option
  const target = gaussian({ mean: [0], covariance: 1 })
  for (const process of [vp(), ve(), edm()]) {
    const measured = { operator: matrixOperator([[1]]), observation: tensor([[0.7]]), noise }
    const score = dps(process, target.diffused(process).score, measured)
    const x = await sample({ process, score }, sampler, { key: key(0), shape: [200, 1], steps })
    const got = await moments(x)
    // the posterior is N(0.7/(1 + noise²), noise²/(1 + noise²)); a run ends at σ up to 0.01
    expect(Math.abs(got.mean[0]! - 0.7 / (1 + noise ** 2))).toBeLessThan(0.01)
    expect(Math.sqrt(got.covariance[0]![0]!)).toBeLessThan(1.1 * Math.hypot(noise, 0.01))
  }
})

describe('over a full covariance, in standard deviations of the posterior', () => {
  const covariance = [[1, 0.6, 0.3], [0.6, 0.8, -0.2], [0.3, -0.2, 0.5]] // biome-ignore format: a matrix
  const process = ve()
  const target = gaussian({ mean, covariance })
  const { score } = target.diffused(process)
  const measured = { operator: matrixOperator(matrix), observation: tensor([observation]), noise }
  const posterior = mixturePosterior(target, { matrix, observation, noiseCovariance: noise ** 2 })
  const known = { data: tensor([[2, 0, 1]]), mask: tensor([1, 0, 1]) }
  const given = mixturePosterior(target, {
    matrix: [[1, 0, 0], [0, 0, 1]], // biome-ignore format: a matrix
    observation: [2, 1],
    noiseCovariance: 1e-8,
  })
  const corrected = predictorCorrector(
    replacement(ancestral(), known),
    replacement(langevin({ snr: 0.16 }), known),
    { correctorSteps: 5 },
  )
  const euler = eulerMaruyama()
  const projected = (correctorSteps: number) =>
    predictorCorrector(projection(ancestral(), measured), projection(langevin({ snr: 0.16 }), measured), {
      correctorSteps,
    })

  it.each([
    { name: 'dps', of: dps(process, score, measured), sampler: euler, right: posterior, off: 0.29 },
    { name: 'piGdm', of: piGdm(process, score, measured), sampler: euler, right: posterior, off: 0.09 },
    { name: 'replacement', of: score, sampler: replacement(ancestral(), known), right: given, off: 2.77 },
    { name: 'five correctors', of: score, sampler: corrected, right: given, off: 0.45 },
    { name: 'projection', of: score, sampler: projected(0), right: posterior, off: 0.49 },
    { name: 'projection, corrected once', of: score, sampler: projected(1), right: posterior, off: 0.34 },
  ])('$name is off by $off', async ({ of, sampler, right, off }) => {
    const x = await sample({ process, score: of }, sampler, {
      key: key(1),
      shape: [rows, 3],
      steps: 300,
    })
    const got = await moments(x)
    const errors = got.mean.map((m, i) => {
      const variance = right.covariance[i]![i]!
      return variance < 1e-6 ? 0 : Math.abs(m - right.mean[i]!) / Math.sqrt(variance)
    })
    // five standard errors, and a step of 1/300
    expect(Math.abs(Math.max(...errors) - off)).toBeLessThan(5 / Math.sqrt(rows) + 0.02)
  })
})

it('inpaints by replacement: known entries exact, independent ones unchanged, the last denoising everywhere', async () => {
  const process = ve({ sigmaMax: 20 })
  const target = gaussian({ mean: [1, -1], covariance: [[1, 0], [0, 0.25]] }) // biome-ignore format: a matrix
  const known = { data: tensor([[2, 0]]), mask: tensor([1, 0]) }
  const sampler = predictorCorrector(
    replacement(ancestral(), known),
    replacement(langevin({ snr: 0.16 }), known),
  )
  const problem = { process, ...target.diffused(process) }
  const x = await sample(problem, sampler, { key: key(2), shape: [rows, 2], steps: 100 })
  const values = await x.data()
  for (let i = 0; i < rows; i++) expect(values[2 * i]).toBeCloseTo(2, 5)
  const got = await moments(x)
  expect(Math.abs(got.mean[1]! + 1)).toBeLessThan(slack)
  expect(Math.abs(got.covariance[1]![1]! - 0.25)).toBeLessThan(slack)
})

it('projects onto y = Ax at the end, whatever A', async () => {
  const process = vp()
  const problem = { process, ...gaussian({ mean, covariance: 1 }).diffused(process) }
  const operator = matrixOperator(matrix)
  const sampler = projection(ancestral(), { operator, observation: tensor([observation]) })
  const x = await sample(problem, sampler, { key: key(4), shape: [50, 3], steps: 50 })
  const { alpha } = process.marginal(process.cutOffs.sample)
  const values = await operator.apply(x).data()
  for (const [i, value] of values.entries()) expect(value).toBeCloseTo(alpha * observation[i % 2]!, 4)
})

it('colourises: the mean of the channels is the grey value', async () => {
  const process = vp()
  const problem = { process, ...gaussian({ mean: [0.2, 0.5, 0.1], covariance: 0.3 }).diffused(process) }
  const grey = tensor([0.1, 0.4, 0.9, 0.3], [4, 1])
  const x = await sample(problem, replacement(ancestral(), knownGrey(grey)), {
    key: key(5),
    shape: [4, 3],
    steps: 40,
  })
  const values = await x.data()
  const { alpha } = process.marginal(process.cutOffs.sample)
  const wanted = await grey.data()
  for (let i = 0; i < 4; i++) {
    const mean = (values[3 * i]! + values[3 * i + 1]! + values[3 * i + 2]!) / 3
    expect(mean).toBeCloseTo(alpha * wanted[i]!, 5)
  }
  const image = tidy(() => concat([x, x], 0))
  const { basis } = knownGrey(grey)
  const back = await basis!.from(basis!.to(image)).data()
  for (const [i, value] of (await image.data()).entries()) expect(back[i]).toBeCloseTo(value, 5)
})

it('refuses what does not fit, and leaves nothing behind', async () => {
  expect(() => matrixOperator([[1, 2], [2, 4]])).toThrow(/linearly independent/) // biome-ignore format: a matrix
  expect(() => maskOperator([0.5])).toThrow(/0 or 1/)
  const process = vp()
  const { score } = gaussian({ mean }).diffused(process)
  const measured = { operator: matrixOperator(matrix), observation: tensor([[1, 2, 3]]), noise }
  expect(() => piGdm(process, score, { ...measured, noise: 0 })).toThrow(/^piGdm: expected noise > 0/)
  expect(() => dps(process, score, measured)(tensor([mean]), tensor([0.5]))).toThrow(/observation/)
  const known = { data: tensor([[2, 0, 0]]), mask: tensor([1, 0, 0]) }
  const problem = { process, score }
  await expectNoLeaks(async () =>
    dispose(await sample(problem, replacement(ancestral(), known), { key: key(0), shape: [2, 3], steps: 3 })),
  )
})
