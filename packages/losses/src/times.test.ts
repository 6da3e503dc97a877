import { logSnr, rectifiedFlow, subVp, ve, vp } from '@sgm/sde'
import { key } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { drawShares, importanceTimes, uniformTimes } from './times'
import { balanced } from './weighting'

const processes = { ve: ve(), vp: vp(), subVp: subVp(), rectifiedFlow: rectifiedFlow() }

describe.each(Object.entries(processes))('importanceTimes of %s', (_, process) => {
  const [start, end] = [process.cutOffs.train, process.interval[1]]
  const distribution = importanceTimes()(process, start, end)

  it('are uniform in log-SNR, since its derivative is −g²/σ²', () => {
    const [high, low] = [logSnr(process, start), logSnr(process, end)]
    for (const u of [0, 0.03, 0.2, 0.5, 0.77, 0.99]) {
      const measured = (high - logSnr(process, distribution.quantile(u))) / (high - low)
      // The mass of each of 1024 cells is taken at its middle.
      expect(Math.abs(measured - u)).toBeLessThan(1e-3)
    }
  })

  it('have the density of their quantiles', () => {
    for (const u of [0.01, 0.3, 0.6, 0.95]) {
      const h = 1e-7
      const slope = (distribution.quantile(u + h) - distribution.quantile(u - h)) / (2 * h)
      expect(slope * distribution.density(distribution.quantile(u))).toBeCloseTo(1, 4)
    }
  })
})

describe('importanceTimes', () => {
  it('of the balanced weighting are uniform', () => {
    const process = vp()
    const { quantile, density } = importanceTimes({ weighting: balanced })(process, 0.1, 0.9)
    for (const u of [0, 0.25, 0.8]) {
      expect(quantile(u)).toBeCloseTo(0.1 + 0.8 * u, 10)
      expect(density(quantile(u))).toBeCloseTo(1 / 0.8, 10)
    }
  })

  it('refuse a table without cells and a process without noise at the start', () => {
    expect(() => importanceTimes({ cells: 0 })).toThrow(
      'importanceTimes: expected cells to be an integer >= 1',
    )
    expect(() => importanceTimes()(vp(), 0, 1)).toThrow(
      'importanceTimes: expected a finite log-SNR at both ends',
    )
    expect(() => importanceTimes({ weighting: () => 0 })(vp(), 0.1, 1)).toThrow(
      'a finite integral > 0, got 0',
    )
  })
})

describe('uniformTimes', () => {
  it('are spread from start to end', () => {
    const { quantile, density } = uniformTimes(vp(), 0.2, 0.7)
    expect(quantile(0)).toBeCloseTo(0.2, 12)
    expect(quantile(0.5)).toBeCloseTo(0.45, 12)
    expect(density(0.3)).toBeCloseTo(2, 12)
  })

  it('refuse a process whose cut-offs are text', () => {
    for (const name of ['train', 'sample']) {
      const process = { ...vp(), cutOffs: { ...vp().cutOffs, [name]: '0.001' } }
      expect(() => uniformTimes(process, 0.2, 0.7)).toThrow(
        'uniformTimes: expected process to have cutOffs and a prior',
      )
    }
  })
})

describe('drawShares', () => {
  it('stratified leave no gap above 3/n and depend on the key', () => {
    const shares = drawShares(key(1), 100, true).sort((a, b) => a - b)
    const gaps = shares.map((u, i) => (i === 0 ? u + 1 - shares.at(-1)! : u - shares[i - 1]!))
    // The golden-ratio sequence has gaps of at most (1 + 1/φ)/n, asymptotically 1.62/n; random ones reach ln(n)/n.
    expect(Math.max(...gaps)).toBeLessThan(3 / 100)
    expect(drawShares(key(2), 1, true)).not.toEqual(drawShares(key(1), 1, true))
    expect(drawShares(key(1), 5, true)).toEqual(drawShares(key(1), 100, true).slice(0, 5))
    const random = drawShares(key(1), 100, false).sort((a, b) => a - b)
    expect(Math.max(...random.map((u, i) => (i === 0 ? u : u - random[i - 1]!)))).toBeGreaterThan(3 / 100)
  })
})
