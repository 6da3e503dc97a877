import { processPresets, reverseCoefficients } from '@sgm/sde'
import { expect, it } from 'vitest'
import { unitFlow } from './unit-flow'

it.each(Object.entries(processPresets))('is the probability flow of %s in other coordinates', (_, preset) => {
  const process = preset.make()
  const ends = [process.cutOffs.likelihood, process.interval[1]] as const
  const { span, at } = unitFlow(process, ends)
  expect([at(span[0]).t, at(span[1]).t]).toEqual(ends)
  for (const share of [0.05, 0.3, 0.6, 0.95]) {
    const tau = span[0] + share * (span[1] - span[0])
    const h = 1e-5 * (span[1] - span[0])
    const [before, here, after] = [at(tau - h), at(tau), at(tau + h)]
    const slope = (of: (point: typeof here) => number) => (of(after) - of(before)) / (2 * h)
    const { onX, onScore } = reverseCoefficients(process, 0)(here.t)
    for (const [x, score] of [
      [1.3, -0.4],
      [-0.2, 2],
    ] as const) {
      // d(x/r)/dτ by the chain rule, for dx/dt = f x − ½ g² s.
      const wanted =
        (slope(({ t }) => t) * (onX * x + onScore * score)) / here.scale -
        (x * slope(({ scale }) => scale)) / here.scale ** 2
      const got = here.rate * (x / here.scale + here.scale * score)
      expect(got).toBeCloseTo(wanted, 4)
    }
  }
})

it('begins without noise as well', () => {
  const process = processPresets.vp.make()
  const { span, at } = unitFlow(process, process.interval)
  expect(span[0]).toBe(0)
  expect(at(0)).toEqual({ t: 0, scale: 1, rate: -0 })
})
