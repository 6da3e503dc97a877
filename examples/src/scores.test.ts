import { describe, expect, it } from 'vitest'
import * as mixture from './01-mixture'
import * as scoreField from './02-score-field'
import * as energy from './03-energy'
import * as divergence from './04-fisher-divergence'
import * as objectives from './05-objectives'
import * as anyNetwork from './06-any-network'
import * as errorMap from './08-error-map'

const close = (values: readonly number[], digits: number) => values.map((v) => expect.closeTo(v, digits))

describe('score functions', () => {
  it('1: a mixture is exact, clean and noised', async () => {
    const count = 4000
    const found = await mixture.main({ count, t: 0.7 })
    // Of the far mode, e^{−100} remains.
    expect(found.logDensity).toBeCloseTo(Math.log(0.8) - Math.log(2 * Math.PI) - 1, 4)
    expect(found.score).toEqual(close([1, -1], 4))
    expect(found.mean).toEqual([3, 3])
    for (const mean of found.sampleMean) expect(Math.abs(mean - 3)).toBeLessThan(4 * Math.sqrt(17 / count))
    const v = 1 + found.sigma ** 2
    expect(found.variance).toBeCloseTo(v + 16, 6)
    // The kurtosis of this mixture lies below 3.
    expect(Math.abs(found.noisedSampleVariance / found.variance - 1)).toBeLessThan(4 * Math.sqrt(2 / count))
    const share = 1 / (1 + 0.25 * Math.exp((1 + 1 - 81 - 121) / (2 * v)))
    const exact = [4, 6].map((x) => (share * (5 - x) + (1 - share) * (-5 - x)) / v)
    expect(found.noisedScore).toEqual(close(exact, 5))
  })

  it('2: the field points up the density everywhere', async () => {
    const { points, logDensity, scores, map } = await scoreField.main({ size: 9 })
    expect(map.split('\n')).toHaveLength(9)
    for (let i = 0; i < logDensity.length; i++) {
      const [x, y] = [points[2 * i]!, points[2 * i + 1]!]
      const [low, high] = [0.2 * normal(x + 5, y + 5), 0.8 * normal(x - 5, y - 5)]
      expect(logDensity[i]!).toBeCloseTo(Math.log(low + high), 3)
      const toward = (5 * (high - low)) / (low + high)
      expect([scores[2 * i], scores[2 * i + 1]]).toEqual(close([toward - x, toward - y], 3))
    }
    // Above the top right mode the arrow points down, left of it to the right.
    expect(map.split('\n')[0]!.at(-1)).toBe('↙')
    expect(map.split('\n')[1]!.split(' ')[2]).toBe('→')
  })

  it('3: −∇‖x‖⁴/4 = −‖x‖² x, whatever Z', async () => {
    const { score, scoreWithLogZ } = await energy.main()
    expect(score).toEqual(close([-5, 10], 5))
    expect(scoreWithLogZ).toEqual(close([-5, 10], 5))
  })

  it('4: a Fisher divergence is the one of the closed form', async () => {
    const count = 10_000
    const { estimate, exact } = await divergence.main({ count })
    // ‖x + m‖²/4 has variance 8/16.
    expect(Math.abs(estimate - exact)).toBeLessThan(4 * Math.sqrt(0.5 / count))
  })

  it('5: all objectives agree', async () => {
    const found = await objectives.main({ steps: 150 })
    expect(Object.keys(found)).toHaveLength(6)
    // The untrained score 0 is off by E‖s‖² = tr Σ⁻¹ = 8/3.
    for (const error of Object.values(found)) expect(error).toBeLessThan(0.03)
  })

  it('6: a network of one’s own, and a tfjs model', async () => {
    const found = await anyNetwork.main({ steps: 100 })
    // An entry of P estimated from n rows has a deviation of about 2/√n; here n is some thousands.
    for (const [i, p] of found.exactPrecision.entries())
      expect(Math.abs(found.precision[i]! - p)).toBeLessThan(0.1)
    for (const [i, m] of [1, -1].entries()) expect(Math.abs(found.mean[i]! - m)).toBeLessThan(0.1)
    expect(found.layersModelDivergence).toBeLessThan(1e-10)
  })

  it('8, 10: errors are large where no data are, and noise mends them', async () => {
    const found = await errorMap.main({ steps: 500 })
    // In units of the noise, for which the score 0 has an error below d = 2.
    expect(found.errorNearData).toBeLessThan(0.02)
    expect(found.errorOverPlane).toBeGreaterThan(0.5)
    expect(found.errorOverPlaneWithNoise).toBeLessThan(0.05)
  })
})

function normal(x: number, y: number): number {
  return Math.exp(-(x * x + y * y) / 2) / (2 * Math.PI)
}
