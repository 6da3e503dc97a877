import { gaussian } from '@sgm/score'
import { edm, rectifiedFlow, ve, vp } from '@sgm/sde'
import { dispose, key, log, mean, normal } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { weightingPresets } from './presets'

/** The mean loss of the exact score of N(0, I) in two dimensions, and of half of it. */
async function losses(name: keyof typeof weightingPresets, process = vp()): Promise<[number, number]> {
  const loss = weightingPresets[name].make(process)
  const x = normal(key(1), [2048, 2])
  const draws = loss.draw(key(2), x.shape)
  const { score } = gaussian({ mean: [0, 0], covariance: 1 }).diffused(process)
  const half: typeof score = (y, t) =>
    gaussian({ mean: [0, 0], covariance: 8 })
      .diffused(process)
      .score(y, t)
  const [exact, wrong] = await Promise.all(
    [score, half].map(async (f) => (await mean(loss.evaluate(f, x, draws)).data())[0]!),
  )
  dispose([x, draws])
  return [exact!, wrong!]
}

describe('weightingPresets', () => {
  it.each([
    ['balanced', vp()],
    ['likelihood', vp()],
    ['flow', rectifiedFlow()],
    ['edm', edm()],
    ['edm-small', edm()],
  ] as const)('%s makes a loss that is least at the exact score', async (name, process) => {
    const [exact, wrong] = await losses(name, process)
    expect(Number.isFinite(exact)).toBe(true)
    expect(exact).toBeLessThan(wrong)
  })

  it.each(['edm', 'edm-small'] as const)('%s takes processes whose time is the noise level alone', (name) => {
    for (const process of [ve(), vp(), rectifiedFlow()]) {
      expect(() => weightingPresets[name].make(process)).toThrow(
        `weightingPresets.${name}: expected a process with α = 1 and σ = t, such as edm`,
      )
    }
  })

  it.each([
    ['edm', -1.2],
    ['edm-small', 0],
  ] as const)('%s draws noise levels about the exponential of %d', async (name, logMean) => {
    const { sigmas, ...others } = weightingPresets[name].make(edm()).draw(key(0), [4096, 2])
    const [drawn] = await mean(log(sigmas!)).data()
    // Four standard errors.
    expect(Math.abs(drawn! - logMean)).toBeLessThan((4 * 1.2) / 64)
    dispose([sigmas, others])
  })
})
