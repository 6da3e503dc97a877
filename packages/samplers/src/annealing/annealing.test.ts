import { dispose, type Progress, tensor } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { describe, expect, it } from 'vitest'
import { annealingFromData, largestDistance } from './from-data'
import { annealedStepSize, ladderLevels, ladderRatio } from './ladder'
import { normalCdf } from './normal-cdf'

/** Song and Ermon 2020, table 3: dimensions, σ_max, L, T, ε; church's published ε is 4.9e-6. */
const published = [
  { name: 'CIFAR-10', dims: 3 * 32 ** 2, sigmaMax: 50, levels: 232, stepsPerLevel: 5, step: 6.2e-6 },
  { name: 'CelebA 64', dims: 3 * 64 ** 2, sigmaMax: 90, levels: 500, stepsPerLevel: 5, step: 3.3e-6 },
  { name: 'LSUN church 96', dims: 3 * 96 ** 2, sigmaMax: 140, levels: 788, stepsPerLevel: 4, step: 2.3e-6 },
  {
    name: 'LSUN bedroom 128',
    dims: 3 * 128 ** 2,
    sigmaMax: 190,
    levels: 1086,
    stepsPerLevel: 3,
    step: 1.8e-6,
  },
  { name: 'FFHQ 256', dims: 3 * 256 ** 2, sigmaMax: 348, levels: 2311, stepsPerLevel: 3, step: 0.9e-6 },
]

describe('the ladder of NCSNv2', () => {
  it.each(published)('has the published levels and step for $name', (row) => {
    const sigmaMin = 0.01
    const fitted = ladderRatio(row.dims)
    expect(ladderLevels({ sigmaMax: row.sigmaMax, sigmaMin, ratio: fitted })).toBe(row.levels)
    const ratio = (row.sigmaMax / sigmaMin) ** (1 / (row.levels - 1))
    const step = annealedStepSize({ ratio, sigmaMin, stepsPerLevel: row.stepsPerLevel })
    expect(Math.abs(step - row.step)).toBeLessThan(0.05e-6)
  })

  it('solves the equation of the overlap', () => {
    for (const overlap of [0.3, 0.5, 0.9]) {
      const ratio = ladderRatio(3072, { overlap })
      const shift = Math.sqrt(2 * 3072) * (ratio - 1)
      expect(normalCdf(shift + 3 * ratio) - normalCdf(shift - 3 * ratio)).toBeCloseTo(overlap, 10)
    }
    expect(ladderRatio(2)).toBe(2)
  })

  it('knows the normal distribution function', () => {
    expect(normalCdf(0)).toBe(0.5)
    expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 13)
    expect(normalCdf(-3)).toBeCloseTo(0.0013498980316300933, 14)
    expect(normalCdf(-20)).toBe(0)
  })
})

describe('annealingFromData', () => {
  it('finds the largest distance, in any block', async () => {
    const points = Float32Array.from({ length: 1200 * 2 }, (_, i) => ((i * 7919) % 1000) / 1000)
    points.set([-3, 0], 10)
    points.set([4, 24], 1100 * 2)
    const data = tensor(points, [1200, 2])
    expect(await expectNoLeaks(() => largestDistance(data))).toBeCloseTo(25, 4)
    const told: Progress[] = []
    await largestDistance(data, { onProgress: (progress) => told.push(progress) })
    expect(told.length).toBeGreaterThan(1)
    expect(told).toEqual(told.map((_, i) => ({ index: i + 1, steps: told.length })))
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(annealingFromData(data, { signal })).rejects.toThrow('enough')
    const settings = await annealingFromData(data, { stepsPerLevel: 100 })
    expect(settings).toMatchObject({
      levels: Math.floor(1 + Math.log2(2500)),
      stepsPerLevel: 100,
      sigmaMin: 0.01,
    })
    expect(settings.sigmaMax).toBeCloseTo(25, 4)
    dispose(data)
  })

  it('refuses what it cannot use', async () => {
    const one = tensor([[1, 2]])
    await expect(annealingFromData(one)).rejects.toThrow(
      'annealingFromData: expected data of shape [n >= 2, ...], got [1, 2]',
    )
    const same = tensor([[1], [1]])
    await expect(annealingFromData(same)).rejects.toThrow(
      'annealingFromData: expected finite data farther apart than sigmaMin',
    )
    dispose([one, same])
    expect(() => ladderRatio(0)).toThrow('ladderRatio: expected dims to be an integer >= 1, got 0')
    expect(() => ladderRatio(2, { overlap: 1 })).toThrow('ladderRatio: expected overlap in (0, 0.99), got 1')
    // Bisection up to infinity never ended.
    expect(() => ladderRatio(100, { maximumRatio: Number.POSITIVE_INFINITY })).toThrow(
      'ladderRatio: expected maximumRatio to be finite, got Infinity',
    )
    expect(() => ladderRatio(2, { maximumRatio: '3' as never })).toThrow('maximumRatio to be finite')
    expect(() => ladderRatio(2, { maximumRatio: 1 })).toThrow('ladderRatio: expected maximumRatio > 1, got 1')
    expect(() => annealedStepSize({ ratio: 1, sigmaMin: 1, stepsPerLevel: 1 })).toThrow(
      'expected ratio > 1, got 1',
    )
  })
})
