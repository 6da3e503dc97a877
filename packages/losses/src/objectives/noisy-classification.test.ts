import { gaussianMixture, type ScoreFunction } from '@sgm/score'
import { edm, subVp, ve, vp } from '@sgm/sde'
import {
  add,
  cast,
  greater,
  key,
  log,
  matMul,
  normal,
  reshape,
  stack,
  sub,
  type Tensor,
  tensor,
  uniformValues,
} from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { importanceTimes } from '../times'
import { noisyClassification } from './noisy-classification'

/** Two classes, N(±m, I) in two dimensions with weights ¼ and ¾. */
const mean = [0.8, -0.6]
const parts = [1, -1].map((sign) =>
  gaussianMixture({ means: [mean.map((v) => sign * v)], weights: [1], covariances: [1] }),
)
const n = 6000
const classes = Int32Array.from(uniformValues(key(1), n), (u) => (u < 0.25 ? 0 : 1))
const labels = tensor(classes, [n], 'int32')
const signs = tensor(
  Float32Array.from(classes, (label) => 1 - 2 * label),
  [n, 1],
)
const x = add(matMul(signs, tensor([mean])), normal(key(2), [n, 2]))

const processes = { ve: ve({ sigmaMax: 5 }), vp: vp(), subVp: subVp() }

describe.each(Object.entries(processes))('noisyClassification of %s', (_, process) => {
  const bayes: ScoreFunction = (y, t) =>
    stack(
      parts.map((part, i) => add(part.diffused(process).logDensity(y, t), Math.log([0.25, 0.75][i]!))),
      1,
    )

  it('at the Bayes classifier is the entropy of the label given the noisy point', async () => {
    const loss = noisyClassification({ process })
    const values = Array.from(await loss.evaluate(bayes, x, loss.draw(key(3), [n, 2]), labels).data())
    const average = values.reduce((a, b) => a + b, 0) / n
    const error = Math.sqrt(values.reduce((s, v) => s + (v - average) ** 2, 0) / n / n)
    expect(Math.abs(average - exactLoss(process))).toBeLessThan(5 * error)
    expect(error).toBeLessThan(0.01)
  })

  it('is larger for any other', async () => {
    const loss = noisyClassification({ process, stratified: true })
    const draws = loss.draw(key(4), [n, 2])
    const total = async (f: ScoreFunction) =>
      Array.from(await loss.evaluate(f, x, draws, labels).data()).reduce((a, b) => a + b, 0)
    const best = await total(bayes)
    const others: ScoreFunction[] = [
      (y, t) => add(bayes(y, t), tensor([0.3, 0])),
      (y, t) => add(bayes(y, t), bayes(y, t)),
      (y) => log(add(stack([side(y), sub(1, side(y))], 1), 0.1)),
    ]
    for (const other of others) expect(await total(other)).toBeGreaterThan(best)
  })
})

/** 1 on the first class's side of the plane between the two, 0 on the other. */
const side = (y: Tensor): Tensor =>
  cast(greater(reshape(matMul(y, tensor([[0.8], [-0.6]])), [-1]), 0), 'float32')

/**
 * The mean over t and x_t of the label's entropy. Along m the noisy classes are N(±α|m|, α² + σ²) and across it they
 * agree: an integral over one axis, by the midpoint rule in float64.
 */
function exactLoss(process: (typeof processes)['vp']): number {
  const [, end] = process.interval
  const start = process.cutOffs.train
  const steps = 400
  let total = 0
  for (let i = 0; i < steps; i++) {
    const { alpha, sigma } = process.marginal(start + ((i + 0.5) / steps) * (end - start))
    const spread = Math.hypot(alpha, sigma)
    const density = (u: number, centre: number) =>
      Math.exp(-(((u - centre) / spread) ** 2) / 2) / (spread * Math.sqrt(2 * Math.PI))
    const reach = alpha + 8 * spread
    const cells = 400
    for (let j = 0; j < cells; j++) {
      const u = -reach + (2 * reach * (j + 0.5)) / cells
      const joint = [0.25 * density(u, alpha), 0.75 * density(u, -alpha)]
      const both = joint[0]! + joint[1]!
      for (const p of joint) if (p > 0) total -= p * Math.log(p / both) * ((2 * reach) / cells / steps)
    }
  }
  return total
}

it('needs labels, a number for each row, and logits of two axes', () => {
  const loss = noisyClassification()
  const rows = tensor([
    [0, 1],
    [1, 0],
  ])
  const draws = loss.draw(key(5), [2, 2])
  expect(() => loss.evaluate((y) => y, rows, draws)).toThrow(
    'noisyClassification: expected labels int32 [2] as the condition, got none',
  )
  expect(() => loss.evaluate((y) => y, rows, draws, tensor([0, 1]))).toThrow('got float32 [2]')
  expect(() => loss.evaluate((y) => y, rows, draws, tensor([0], [1], 'int32'))).toThrow('got int32 [1]')
  const right = tensor([0, 1], [2], 'int32')
  expect(() => loss.evaluate((y) => reshape(y, [2, 2, 1]), rows, draws, right)).toThrow(
    'noisyClassification: expected logits [2, C], got [2, 2, 1]',
  )
  expect(() => noisyClassification({ cutOff: 1 })).toThrow(
    'noisyClassification: expected cutOff in [0, 1), got 1',
  )
})

it('is the loss of the label, whatever other classes are ruled out', async () => {
  const loss = noisyClassification()
  const ruledOut = () => tensor([[0, Number.NEGATIVE_INFINITY, Math.log(3)]])
  const values = loss.evaluate(ruledOut, tensor([[0]]), loss.draw(key(5), [1, 1]), tensor([2], [1], 'int32'))
  expect((await values.data())[0]).toBeCloseTo(Math.log(4 / 3), 6)
})

it('draws times as it is told to', async () => {
  const process = edm()
  const loss = noisyClassification({ process, stratified: true, times: importanceTimes() })
  const { times } = loss.draw(key(5), [1000, 2])
  // Evenly in ln σ, which is log-SNR where α = 1: the median is the geometric mean of the ends.
  const sorted = [...(await times!.data())].sort((a, b) => a - b)
  const middle = Math.sqrt(process.cutOffs.train * process.interval[1])
  expect(sorted[500]! / middle).toBeCloseTo(1, 1)
  expect(() => noisyClassification({ times: 1 as never })).toThrow('noisyClassification: expected times')
})
