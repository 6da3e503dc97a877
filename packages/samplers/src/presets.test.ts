import { gaussian } from '@sgm/score'
import { numbersOf, ve, vp } from '@sgm/sde'
import { key } from '@sgm/tensor'
import { expect, it } from 'vitest'
import { samplerPresets } from './presets'
import { sample } from './run'

const wrap = <T>(sampler: T) => sampler

it.each(Object.entries(samplerPresets))('%s draws N(0, ¼) from the exact score', async (name, preset) => {
  const process = ve()
  const made = preset.make(numbersOf(name, preset.numbers, {}), { process, dims: 1, wrap })
  const { score } = gaussian({ mean: [0], covariance: 0.25 }).diffused(process)
  const steps = made.steps ?? made.sampler.defaults?.steps ?? 100
  const x = await sample({ process, score }, made.sampler, { key: key(3), shape: [1000, 1], steps })
  const values = [...(await x.data())]
  const variance = values.reduce((all, value) => all + value ** 2, 0) / values.length
  // The standard error of the variance is √(2/1000)/4 = 0.011.
  expect(Math.abs(variance - 0.25)).toBeLessThan(0.06)
  x.dispose()
})

it('refuses annealed Langevin dynamics where the data shrink', () => {
  expect(() => samplerPresets.ald!.make({}, { process: vp(), dims: 1, wrap })).toThrow(
    'ald: expected a process with α = 1, such as ve, sigma-t or edm, got another',
  )
})
