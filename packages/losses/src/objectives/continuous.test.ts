import { flowPrediction, gaussian, type ScoreFunction } from '@sgm/score'
import { edm, type LinearSDE, rectifiedFlow, subVp, ve, vp } from '@sgm/sde'
import { add, alignRows, key, mul, square, sub, sumRows } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { importanceTimes, uniformTimes } from '../times'
import type { Loss } from '../types'
import { balanced, likelihoodWeighting, type Weighting } from '../weighting'
import { edmDenoising } from './edm-denoising'
import { flowMatching } from './flow-matching'
import { type SdeDenoisingOptions, sdeDenoising } from './sde-denoising'

const target = gaussian({
  mean: [0.5, -0.5],
  covariance: [
    [0.5, 0.2],
    [0.2, 0.3],
  ],
})

async function statistics(loss: Loss, score: ScoreFunction, n = 6000) {
  const x = target.sample(key(1), n)
  const values = Array.from(await loss.evaluate(score, x, loss.draw(key(2), [n, 2])).data())
  const mean = values.reduce((a, b) => a + b) / n
  const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / n
  return { mean, error: Math.sqrt(variance / n) }
}

/**
 * The mean over t of λ E‖s* − ∇log p_{0t}‖² = λ(d/σ² − tr C_t⁻¹), in float64 by the midpoint rule over t^{1/3}, whose
 * cells crowd near 0.
 */
function exactLoss(process: LinearSDE, weighting: Weighting, cutOff: number): number {
  const end = process.interval[1]
  const n = 4000
  let sum = 0
  for (let i = 0; i < n; i++) {
    const [a, b] = [i, i + 1].map(
      (k) => (cutOff ** (1 / 3) + (k / n) * (end ** (1 / 3) - cutOff ** (1 / 3))) ** 3,
    )
    const t = (a! + b!) / 2
    const { alpha, sigma } = process.marginal(t)
    const [[p, q], [, r]] = target.noised({ alpha, sigma }).covariance as [[number, number], [number, number]]
    sum += (b! - a!) * weighting(process, t) * (2 / sigma ** 2 - (p + r) / (p * r - q * q))
  }
  return sum / (end - cutOff)
}

const variants: Record<string, SdeDenoisingOptions> = {
  uniform: {},
  stratified: { stratified: true },
  importance: { times: importanceTimes() },
  'importance and stratified': { times: importanceTimes({ cells: 64 }), stratified: true },
  'control variate': { controlVariate: true },
}

describe.each(Object.entries({ ve: ve({ sigmaMax: 5 }), vp: vp(), subVp: subVp() }))(
  'sdeDenoising of %s',
  (_, process) => {
    const truth = target.diffused(process).score

    it.each(Object.entries(variants))(
      'balanced, %s: has its exact value at the true score',
      async (_, options) => {
        const { mean, error } = await statistics(sdeDenoising({ process, ...options }), truth)
        expect(Math.abs(mean - exactLoss(process, balanced, process.cutOffs.train))).toBeLessThan(4.5 * error)
      },
    )

    it.each(Object.entries(variants))('likelihood-weighted, %s: the same', async (_, options) => {
      const loss = sdeDenoising({ process, weighting: likelihoodWeighting, cutOff: 0.01, ...options })
      const { mean, error } = await statistics(loss, truth)
      expect(Math.abs(mean - exactLoss(process, likelihoodWeighting, 0.01))).toBeLessThan(4.5 * error)
    })
  },
)

describe('sdeDenoising', () => {
  it('has constant weights when times are drawn for its weighting', async () => {
    const loss = sdeDenoising({ weighting: likelihoodWeighting, times: importanceTimes() })
    const weights = Array.from(await loss.draw(key(3), [200, 2]).weights!.data())
    // Cells take the mass at their middle: the weights vary within a cell.
    expect(Math.max(...weights) / Math.min(...weights)).toBeLessThan(1.03)
    const uniform = sdeDenoising({ weighting: likelihoodWeighting, times: uniformTimes })
    const wild = Array.from(await uniform.draw(key(3), [200, 2]).weights!.data())
    expect(Math.max(...wild) / Math.min(...wild)).toBeGreaterThan(30)
  })

  it('takes any weighting of the time', async () => {
    const loss = sdeDenoising({ weighting: (process, t) => process.marginal(t).sigma ** 2 * t })
    const draws = loss.draw(key(4), [50, 1])
    const [times, weights] = [await draws.times!.data(), await draws.weights!.data()]
    for (const [i, t] of times.entries()) expect(weights[i]).toBeCloseTo(t, 5)
    expect(() => sdeDenoising({ weighting: () => -1 }).draw(key(0), [1, 1])).toThrow(
      'a finite weighting >= 0',
    )
    expect(() => sdeDenoising({ cutOff: 1 })).toThrow('sdeDenoising: expected cutOff in [0, 1), got 1')
  })
})

describe('edmDenoising', () => {
  it('is λ(σ)‖D − x‖² with ln σ ~ N(−1.2, 1.2²)', async () => {
    const n = 10_000
    const loss = edmDenoising()
    const draws = loss.draw(key(5), [n, 2])
    const logs = Array.from(await draws.sigmas!.data(), Math.log)
    const mean = logs.reduce((a, b) => a + b) / n
    const variance = logs.reduce((s, v) => s + (v - mean) ** 2, 0) / n
    expect(Math.abs(mean + 1.2)).toBeLessThan((4 * 1.2) / Math.sqrt(n))
    expect(Math.abs(variance / 1.44 - 1)).toBeLessThan(4 * Math.sqrt(2 / n))

    const x = target.sample(key(6), n)
    const score = gaussian().diffused(edm()).score
    const sigma = alignRows(draws.sigmas!, x)
    const noisy = add(x, mul(sigma, draws.noise!))
    const denoised = add(noisy, mul(square(sigma), score(noisy, draws.sigmas!)))
    const direct = await sumRows(square(sub(denoised, x))).data()
    const values = await loss.evaluate(score, x, draws).data()
    for (let i = 0; i < 50; i++) {
      const s = Math.exp(logs[i]!)
      const lambda = (s ** 2 + 0.25) / (s * 0.5) ** 2
      expect(Math.abs(values[i]! / (lambda * direct[i]!) - 1)).toBeLessThan(1e-2)
    }
  })

  it('refuses spreads that are not positive', () => {
    expect(() => edmDenoising({ sigmaData: 0 })).toThrow('edmDenoising: expected sigmaData > 0, got 0')
    expect(() => edmDenoising({ logStd: -1 })).toThrow('edmDenoising: expected logStd > 0, got -1')
  })
})

describe('flowMatching', () => {
  it('is ‖u − (z − x)‖² for the flow of the score, and of a network that predicts the flow', async () => {
    const process = rectifiedFlow()
    const loss = flowMatching()
    const x = target.sample(key(7), 200)
    const draws = loss.draw(key(8), [200, 2])
    const t = alignRows(draws.times!, x)
    const noisy = add(mul(sub(1, t), x), mul(t, draws.noise!))
    const flow: ScoreFunction = (y, s) => add(mul(y, 0.3), alignRows(s, y))
    const direct = await sumRows(square(sub(flow(noisy, draws.times!), sub(draws.noise!, x)))).data()
    const score = flowPrediction.toScore(flow, process)
    const values = await loss.evaluate(score, x, draws).data()
    // σs + z loses digits as α → 0, down to 1e-3 at the end of the process: 1e-7/α² of the value at worst.
    for (const [i, value] of values.entries()) {
      const error = Math.abs(value - direct[i]!)
      const alpha = 1 - (await draws.times!.data())[i]!
      expect(error).toBeLessThan(1e-4 * (1 + direct[i]!) + (2e-6 / alpha) * (1 + direct[i]!))
    }
  })

  it('refuses a cut-off outside the process', () => {
    expect(() => flowMatching({ cutOff: -1 })).toThrow('flowMatching: expected cutOff in [0, 0.999), got -1')
    expect(() => flowMatching({ process: vp(), cutOff: 2 })).toThrow('[0, 1), got 2')
  })
})
