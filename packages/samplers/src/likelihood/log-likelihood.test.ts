import { gaussian, gaussianMixture } from '@sgm/score'
import { subVp, ve, vp } from '@sgm/sde'
import { add, dispose, key, normal, sub, tensor } from '@sgm/tensor'
import { reference } from '@sgm/tensor/compile'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { bitsPerDim } from './bits-per-dim'
import { type LikelihoodProgress, logLikelihood } from './log-likelihood'
import { hutchinsonDivergence, type ScoreDivergence } from './score-divergence'

const processes = { vp: vp(), subVp: subVp(), ve: ve({ sigmaMax: 20 }) }
const covariance = [
  [1.2, 0.4],
  [0.4, 0.5],
]
const target = gaussianMixture({
  weights: [0.2, 0.8],
  means: [
    [-2, -1],
    [1, 2],
  ],
  covariances: [covariance, covariance],
})
const points = [
  [-2, -1],
  [0.5, 1.5],
  [1, 3],
  [3, -2],
]

describe.each(Object.entries(processes))('over %s', (_name, process) => {
  const { score, logDensity } = target.diffused(process)

  it('gives the exact log-density of a mixture, once the law it ends in is put for the prior', async () => {
    const x = tensor(points)
    const at = (t: number) => tensor(points.map(() => t))
    const wanted = await logDensity(x, at(process.cutOffs.likelihood)).data()
    const { logDensity: got, latent, evaluations } = await logLikelihood({ process, score }, x)
    const change = sub(got, process.prior.logDensity(latent))
    const values = await add(change, logDensity(latent, at(process.interval[1]))).data()
    for (const [i, value] of wanted.entries()) expect(values[i]).toBeCloseTo(value, 3)
    expect(evaluations).toBeGreaterThan(20)
  })

  it('gives a row the same value in any batch', async () => {
    const all = await logLikelihood({ process, score }, tensor(points))
    const first = await logLikelihood({ process, score }, tensor(points.slice(0, 1)))
    expect((await all.logDensity.data())[0]).toBeCloseTo((await first.logDensity.data())[0]!, 4)
  })
})

it('gives the log-density of data of one dimension', async () => {
  const process = vp()
  const { score } = gaussian({ mean: [0.5], covariance: 0.25 }).diffused(process)
  const { logDensity } = await logLikelihood({ process, score }, tensor([[0.2], [1]]))
  const log = (x: number, mean: number, variance: number) =>
    -0.5 * Math.log(2 * Math.PI * variance) - (x - mean) ** 2 / (2 * variance)
  // the law that the VP ends in is N(0.5 α, 0.25 α² + σ²), for which N(0, 1) stands
  const { alpha, sigma } = process.marginal(1)
  const end = [0.5 * alpha, 0.25 * alpha ** 2 + sigma ** 2] as const
  for (const [i, value] of (await logDensity.data()).entries()) {
    const x = [0.2, 1][i]!
    const latent = end[0] + ((x - 0.5) / 0.5) * Math.sqrt(end[1])
    expect(value).toBeCloseTo(log(x, 0.5, 0.25) + log(latent, 0, 1) - log(latent, ...end), 3)
    expect(Math.abs(value - log(x, 0.5, 0.25))).toBeLessThan(5e-3)
  }
})

it('estimates without bias by Hutchinson: the mean over probes is the exact value', async () => {
  const process = vp()
  const { score } = target.diffused(process)
  const count = 400
  const row = [0.3, 0.7]
  const x = tensor(Array.from({ length: count }, () => row))
  const { logDensity } = await logLikelihood({ process, score }, x, {
    divergence: 'hutchinson',
    key: key(5),
    tolerance: 1e-3,
  })
  const exact = await logLikelihood({ process, score }, tensor([row]))
  const values = Array.from(await logDensity.data())
  const mean = values.reduce((a, b) => a + b) / count
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (count - 1))
  expect(deviation).toBeGreaterThan(0.01)
  const slack = 4 * (deviation / Math.sqrt(count)) + 5e-3
  expect(Math.abs(mean - (await exact.logDensity.data())[0]!)).toBeLessThan(slack)
})

it('takes a divergence of its user, asynchronous too', async () => {
  const process = vp()
  const { score } = gaussian({ mean: [0], covariance: 1 }).diffused(process)
  // N(0, 1) stays N(0, 1): s = −x and ∇·s = −1.
  const divergence = async (x: ReturnType<typeof tensor>, t: ReturnType<typeof tensor>) => ({
    score: score(x, t),
    divergence: tensor([-1, -1]),
  })
  const { logDensity } = await logLikelihood({ process }, tensor([[0], [1]]), { divergence, key: key(0) })
  const values = await logDensity.data()
  expect(values[0]).toBeCloseTo(-0.5 * Math.log(2 * Math.PI), 3)
  expect(values[1]).toBeCloseTo(-0.5 * Math.log(2 * Math.PI) - 0.5, 3)
})

it('refuses an asynchronous score and a missing key, and leaves nothing behind', async () => {
  const process = vp()
  const { score } = gaussian({ mean: [0, 0] }).diffused(process)
  const x = normal(key(0), [3, 2])
  const asynchronous = { process, score: async (y: typeof x, t: typeof x) => score(y, t) }
  await expect(logLikelihood(asynchronous, x)).rejects.toThrow(/synchronous score/)
  await expect(logLikelihood({ process, score }, x, { divergence: 'hutchinson' })).rejects.toThrow(/key/)
  for (const compile of [null, false, 0, {}]) {
    await expect(logLikelihood({ process, score }, x, { compile: compile as never })).rejects.toThrow(
      'logLikelihood: expected options.compile to have load',
    )
  }
  await expectNoLeaks(async () => dispose(await logLikelihood({ process, score }, x)))
})

it('counts bits as the published conventions do', () => {
  // A uniform density on [0, 1)^d needs the 8 bits of its grey levels; on [−1, 1)^d the density is 2^{−d}.
  expect(bitsPerDim(0, 10)).toBeCloseTo(8, 12)
  expect(bitsPerDim(-10 * Math.LN2, 10, { range: [-1, 1] })).toBeCloseTo(8, 12)
  expect(() => bitsPerDim(0, 0)).toThrow(/^bitsPerDim: expected dims/)
})

it('tells how far it is, and that it has come to the end', async () => {
  const process = vp()
  const { score } = target.diffused(process)
  const told: LikelihoodProgress[] = []
  const onProgress = (progress: LikelihoodProgress) => void told.push(progress)
  const { evaluations } = await logLikelihood({ process, score }, normal(key(0), [3, 2]), { onProgress })
  expect(told.length).toBe(evaluations + 1)
  expect(told.at(-1)).toEqual({ index: 100, steps: 100, evaluations })
  for (const [i, { index, steps, evaluations }] of told.entries()) {
    expect(steps).toBe(100)
    expect(evaluations).toBe(Math.min(i + 1, told.length - 1))
    expect(index).toBeGreaterThanOrEqual(told[i - 1]?.index ?? 0)
  }
  // Something between the start and the end.
  expect(new Set(told.map(({ index }) => index)).size).toBeGreaterThan(2)
})

it.each(['exact', 'hutchinson'] as const)(
  'compiles the score with its %s divergence to the same value',
  async (divergence) => {
    const process = vp()
    const { score } = target.diffused(process)
    const x = tensor(points)
    const options = { divergence, key: key(4) }
    const eager = await logLikelihood({ process, score }, x, options)
    const native = await logLikelihood({ process, score }, x, { ...options, compile: reference() })
    const [a, b] = await Promise.all([eager.logDensity.data(), native.logDensity.data()])
    for (const [i, value] of a.entries()) expect(b[i]).toBeCloseTo(value, 4)
    const own = async () => ({ score: x, divergence: x })
    const asynchronous = logLikelihood({ process }, x, { divergence: own, key: key(0), compile: reference() })
    await expect(asynchronous).rejects.toThrow('logLikelihood: expected a synchronous divergence to compile')
  },
)

it('asks about rows that are still on their way alone, where these may leave, and gives each the same value', async () => {
  const process = vp()
  const { score } = target.diffused(process)
  const both = hutchinsonDivergence(score)
  // Far from the data the flow is smooth, between the modes it is not: rows take different numbers of steps.
  const x = tensor([...points, [40, -40], [-0.1, 0.6], [0, 300]])
  const run = async (dropFinished: boolean) => {
    const asked: number[] = []
    const divergence: ScoreDivergence = (y, t, probe) => {
      expect(t.shape).toEqual([y.shape[0]])
      asked.push(y.shape[0]!)
      return both(y, t, probe)
    }
    const options = { divergence, dropFinished, key: key(4), tolerance: 1e-4 }
    const { logDensity, latent, evaluations } = await logLikelihood({ process, score }, x, options)
    expect(asked.length).toBe(evaluations)
    return { asked, logDensity: await logDensity.data(), latent: await latent.data() }
  }
  const [all, left] = [await run(false), await run(true)]
  expect(new Set(all.asked)).toEqual(new Set([7]))
  expect(left.asked.length).toBe(all.asked.length)
  expect(left.asked.at(-1)).toBeLessThan(7)
  for (const [i, rows] of left.asked.entries()) expect(rows).toBeLessThanOrEqual(left.asked[i - 1] ?? 7)
  expect(left.logDensity).toEqual(all.logDensity)
  expect(left.latent).toEqual(all.latent)
})
