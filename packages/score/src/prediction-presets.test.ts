import { edm, processPresets } from '@sgm/sde'
import { dispose, key, normal, tensor } from '@sgm/tensor'
import { describe, expect, it } from 'vitest'
import { edmPreconditioned } from './parametrisation/edm'
import { predictionPresets } from './prediction-presets'

describe('predictionPresets', () => {
  it('tells networks the noise level in the times they are given', () => {
    const process = edm()
    const { toScore, seen } = predictionPresets.edm
    const told: Promise<ArrayLike<number>>[] = []
    const t = tensor([0.01, 3, 80])
    const score = toScore((x, c) => {
      told.push(seen(process).marginalAt(c).sigma.data())
      return x
    }, process)
    const x = normal(key(0), [3, 2])
    expect(score(x, t).shape).toEqual([3, 2])
    dispose(edmPreconditioned((y) => y, process)(x, t))
    return Promise.all(told).then(([sigmas]) => {
      for (const [i, sigma] of [0.01, 3, 80].entries()) expect(sigmas![i]! / sigma).toBeCloseTo(1, 4)
    })
  })

  it.each(Object.entries(processPresets))(
    'gives a classifier the data of %s at unit variance, with times in [0, 1]',
    async (_, { make }) => {
      const process = make()
      const [start, end] = [process.cutOffs.train, process.interval[1]]
      const times = [start, (start + end) / 2, end]
      const t = tensor(times)
      // One row of ±√(α²/4 + σ²) a level, as data of deviation ½ are there.
      const deviations = times.map((time) => {
        const { alpha, sigma } = process.marginal(time)
        return Math.sqrt(alpha ** 2 / 4 + sigma ** 2)
      })
      const x = tensor(deviations.map((deviation) => [deviation, -deviation]))
      const logits = predictionPresets.logits.toScore((y, s) => {
        seen.push(y.data(), s.data())
        return y
      }, process)
      const seen: Promise<ArrayLike<number>>[] = []
      dispose(logits(x, t))
      const [data, levels] = (await Promise.all(seen)).map((values) => Array.from(values))
      for (const [i, value] of data!.entries()) expect(value).toBeCloseTo(i % 2 ? -1 : 1, 5)
      for (const [i, level] of levels!.entries()) {
        expect(level).toBeCloseTo(process.marginal(times[i]!).sigma / deviations[i]!, 5)
      }
      dispose([x, t])
    },
  )
})
