import { describe, expect, it } from 'vitest'
import { betaQuantile } from './beta-quantile'

describe('betaQuantile', () => {
  // scipy.stats.beta.ppf(p, 0.6, 0.6) and, of the arcsine distribution's neighbour, ppf(p, 0.75, 0.75): SciPy 1.17.1
  it.each([
    [0.6, 0.01, 0.0008612388215429059],
    [0.6, 0.3, 0.23401700387523572],
    [0.6, 0.857, 0.9287415498659483],
    [0.6, 0.999, 0.9999814412614826],
    [0.75, 0.01, 0.002964338423175293],
    [0.75, 0.3, 0.2650992887507128],
    [0.75, 0.857, 0.8986002445362576],
    [0.75, 0.999, 0.9998623519665193],
  ])('is that of SciPy for a = %d at p = %d', (a, p, wanted) => {
    expect(betaQuantile(a, p) / wanted).toBeCloseTo(1, 9)
  })

  it('runs from 0 to 1', () => {
    expect([betaQuantile(0.6, 0), betaQuantile(0.6, 1)]).toEqual([
      expect.closeTo(0, 12),
      expect.closeTo(1, 12),
    ])
  })
})
