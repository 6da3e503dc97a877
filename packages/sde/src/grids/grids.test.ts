import { describe, expect, it } from 'vitest'
import { spanOf } from '../capabilities'
import { logSnr } from '../log-snr'
import { cosine, edm, rectifiedFlow, sigmaT, subVp, ve, vp } from '../processes'
import { geometricSigmas } from './geometric-sigmas'
import { karrasGrid } from './karras'
import { logSnrGrid } from './log-snr'
import { quadraticGrid } from './quadratic'
import { toZero } from './to-zero'
import { uniformGrid } from './uniform'

const differences = (values: readonly number[]): number[] => values.slice(1).map((v, i) => v - values[i]!)

describe('time grids', () => {
  it.each([
    ['uniform', uniformGrid()],
    ['quadratic', quadraticGrid()],
    ['logSnr', logSnrGrid()],
    ['karras', karrasGrid()],
  ])('%s runs strictly from end to cut-off, or between given ends in either direction', (_, grid) => {
    for (const process of [vp(), ve(), edm()]) {
      const times = grid(process, { steps: 7 })
      expect(times).toHaveLength(8)
      expect([times[0], times[7]]).toEqual([process.interval[1], process.cutOffs.sample])
      expect(differences(times).every((d) => d < 0)).toBe(true)
      const up = grid(process, { steps: 7, start: process.cutOffs.sample, end: process.interval[1] })
      for (const [i, t] of up.entries()) expect(t / times[7 - i]!).toBeCloseTo(1, 9)
    }
    expect(() => grid(vp(), { steps: 0 })).toThrow('Grid: expected steps to be an integer >= 1, got 0')
  })

  it('go on to no noise where they are asked to: the 18 steps of EDM', () => {
    const times = toZero(karrasGrid())(edm(), { steps: 18 })
    // equation 5 of the paper with N = 18, σ_min = 0.002, σ_max = 80 and ρ = 7, then 0
    const published = Array.from(
      { length: 18 },
      (_, i) => (80 ** (1 / 7) + (i / 17) * (0.002 ** (1 / 7) - 80 ** (1 / 7))) ** 7,
    )
    expect(times).toHaveLength(19)
    for (const [i, t] of [...published, 0].entries()) expect(times[i]).toBeCloseTo(t, 9)
    expect(() => toZero(karrasGrid())(edm(), { steps: 1 })).toThrow('toZero: expected steps')
    expect(() => toZero(karrasGrid())(edm(), { steps: 3, start: 1, end: 2 })).toThrow(
      'toZero: expected times that fall to more than 0, got 1 to 2',
    )
  })

  it('come with every process, from its end to its cut-off, unless it is given another', () => {
    for (const process of [vp(), subVp(), cosine(), rectifiedFlow(), ve(), sigmaT(), edm()]) {
      const times = process.grid(process, { steps: 4 })
      expect([times[0], times[4]]).toEqual([process.interval[1], process.cutOffs.sample])
    }
    expect(edm().grid(edm(), { steps: 4 })).toEqual(karrasGrid()(edm(), { steps: 4 }))
    const uniform = vp({ grid: uniformGrid() })
    expect(uniform.grid(uniform, { steps: 2, start: 1, end: 0 })).toEqual([1, 0.5, 0])
  })

  it('are evenly spaced in their own variable', () => {
    const even = (values: readonly number[]) => {
      for (const d of differences(values)) expect(d).toBeCloseTo(differences(values)[0]!, 9)
    }
    even(uniformGrid()(vp(), { steps: 9 }))
    even(quadraticGrid()(vp(), { steps: 9 }).map(Math.sqrt))
    even(logSnrGrid()(vp(), { steps: 9 }).map((t) => logSnr(vp(), t)))
    even(karrasGrid({ rho: 3 })(vp(), { steps: 9 }).map((t) => Math.exp(-logSnr(vp(), t) / 6)))
  })

  it('give the noise levels of Karras et al. on their own process', () => {
    // σ_i = (σ_max^{1/ρ} + i/(N−1)(σ_min^{1/ρ} − σ_max^{1/ρ}))^ρ with N = 18.
    const times = karrasGrid()(edm(), { steps: 17 })
    for (const [i, t] of times.entries()) {
      const wanted = (80 ** (1 / 7) + (i / 17) * (0.002 ** (1 / 7) - 80 ** (1 / 7))) ** 7
      expect(t / wanted).toBeCloseTo(1, 11)
    }
    expect(times.slice(0, 3)).toEqual([80, expect.closeTo(57.586, 3), expect.closeTo(40.786, 3)])
  })

  it('are the geometric ladder for a VE process in log-SNR', () => {
    const process = ve({ sigmaMin: 0.01, sigmaMax: 1 })
    const sigmas = geometricSigmas()
    const times = logSnrGrid()(process, { steps: 9, end: 0 })
    expect(times.map((t) => process.marginal(t).sigma)).toEqual(sigmas.map((s) => expect.closeTo(s, 12)))
  })

  it('check their options', () => {
    expect(() => karrasGrid({ rho: 0 })).toThrow('karrasGrid: expected rho > 0, got 0')
    expect(() => logSnrGrid()(vp(), { steps: 3, end: 0 })).toThrow(
      'logSnrGrid: expected a start and an end where both',
    )
  })
})

it('spanOf refuses text for times', () => {
  const process = { ...vp(), cutOffs: { ...vp().cutOffs, sample: '0.001' as never } }
  expect(() => spanOf(process)).toThrow("spanOf: expected process.cutOffs.sample to be finite, got '0.001'")
})

describe('geometricSigmas', () => {
  it('has the given ends and a constant ratio', () => {
    const sigmas = geometricSigmas({ sigmaMax: 50, sigmaMin: 0.01, levels: 232 })
    expect([sigmas.length, sigmas[0], sigmas[231]]).toEqual([232, 50, 0.01])
    for (let i = 1; i < 232; i++)
      expect(sigmas[i]! / sigmas[i - 1]!).toBeCloseTo((0.01 / 50) ** (1 / 231), 12)
  })

  it('checks its options', () => {
    expect(() => geometricSigmas({ levels: 1 })).toThrow(
      'geometricSigmas: expected levels to be an integer >= 2, got 1',
    )
    expect(() => geometricSigmas({ sigmaMin: -1 })).toThrow('geometricSigmas: expected sigmaMin > 0, got -1')
    expect(() => geometricSigmas({ sigmaMax: Symbol('s') as never })).toThrow(
      'geometricSigmas: expected sigmaMin < sigmaMax, got 0.01 and Symbol(s)',
    )
    expect(() => geometricSigmas({ sigmaMax: 0.001 })).toThrow(
      'expected sigmaMin < sigmaMax, got 0.01 and 0.001',
    )
  })
})
